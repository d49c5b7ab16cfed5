"""What stands before and after a candidate, and what it says about its being a person."""

import re
from functools import cache

from .lexicon import Word, table

TITLE = int(Word.TITLE)

WORK_TITLES = (
    "chef", "chefen", "läggare", "läggaren", "ordnare", "ordnaren", "rektor", "rektorn", "coach", "coachen", "vägledare",
    "vägledaren", "konsulent", "konsulenten", "sekreterare", "sekreteraren", "givare", "givaren", "direktör", "direktören",
    "förmedlare", "förmedlaren", "ansvarig", "ombud", "ombudet", "strateg", "strategen", "ordförande", "ordföranden", "kontaktperson",
    "registrator", "registratorn", "råd", "ledare", "ledaren", "kurator", "kuratorn", "utredare", "utredaren", "läkare", "läraren",
    "lärare", "koordinator", "koordinatorn", "ekonom", "jurist", "assistent", "assistenten", "administratör", "handledare",
)  # fmt: skip
TITLE_ENDINGS = (
    *WORK_TITLES, "minister", "ministern", "tränare", "tränaren", "spelare", "spelaren", "talesman", "talesmannen",
    "talespersonen", "mästare", "mästaren", "mästarinnan", "författare", "författaren", "skådespelare", "skådespelerskan",
    "regissör", "regissören", "producent", "producenten", "advokat", "advokaten", "åklagare", "åklagaren", "kommissarie",
    "kommissarien", "professor", "professorn", "forskare", "forskaren", "president", "presidenten", "kandidat", "kandidaten",
    "ambassadör", "ambassadören", "redaktör", "redaktören", "reporter", "reportern", "korrespondent", "korrespondenten",
    "kapten", "kaptenen", "målvakt", "målvakten", "stjärnan", "legendaren", "veteranen", "legenden", "talangen", "ledamot",
    "ledamoten", "grundaren", "ägaren", "vinnaren", "segraren", "bossen", "basen", "generalen", "ekonomen", "filosofen",
    "konstnären", "kompositören", "dirigenten", "entreprenören", "miljardären", "direktris", "doktor", "docent", "biskop",
    "biskopen", "prästen", "politikern", "kritikern", "mannen", "kvinnan", "brodern", "systern", "svensken", "amerikanen",
)  # fmt: skip
AGENT_ENDINGS = ("aren", "isten", "ören", "enten", "anten", "ologen", "atorn", "inskan", "aren", "erskan")
SPEECH = frozenset(
    [
        "säger",
        "sade",
        "sa",
        "säg",
        "berättar",
        "berättade",
        "skriver",
        "skrev",
        "menar",
        "menade",
        "uppger",
        "uppgav",
        "förklarar",
        "förklarade",
        "konstaterar",
        "konstaterade",
        "enligt",
        "tycker",
        "tyckte",
        "anser",
        "ansåg",
        "hävdar",
        "hävdade",
        "tror",
        "svarar",
        "svarade",
        "heter",
        "hette",
        "foto",
        "text",
        "kontakta",
        "kontaktperson",
        "kontaktpersoner",
        "skrattar",
        "tillägger",
        "påpekar",
        "betonar",
        "understryker",
        "meddelar",
        "kommenterar",
        "frågar",
        "hälsar",
        "undrar",
        "suckar",
        "fortsätter",
        "summerar",
        "tillade",
        "skrattade",
        "underströk",
        "betonade",
        "meddelade",
        "medger",
        "erkänner",
        "hälsade",
        "av:",
        "med:",
        "foto:",
        "text:",
        "kontakta:",
        "ring",
        "mejla",
        "maila",
        "intervjuar",
        "möter",
        "träffar",
        "besegrade",
        "slog",
        "hyllar",
        "kritiserar",
    ]
)
AFTER = frozenset(
    [
        "säger",
        "sade",
        "sa",
        "berättar",
        "berättade",
        "skriver",
        "skrev",
        "menar",
        "menade",
        "uppger",
        "uppgav",
        "förklarar",
        "förklarade",
        "konstaterar",
        "konstaterade",
        "tycker",
        "tyckte",
        "anser",
        "ansåg",
        "hävdar",
        "hävdade",
        "tror",
        "trodde",
        "svarar",
        "svarade",
        "sköt",
        "spelade",
        "leder",
        "ledde",
        "avgick",
        "dog",
        "föddes",
        "sökte",
        "ringde",
        "ansvarar",
        "kommenterar",
        "meddelar",
        "påpekar",
        "betonar",
        "sjöng",
        "sjunger",
        "debuterade",
        "slutade",
        "svarar",
        "föreslår",
        "föreslog",
        "skadade",
        "tvingades",
        "dömdes",
        "greps",
        "häktades",
        "mördades",
        "sköts",
        "avled",
        "berömmer",
        "hyllar",
        "tackar",
        "vann",
        "vinner",
    ]
)
AFTER_MILD = frozenset(
    [
        "som",
        "är",
        "har",
        "hade",
        "var",
        "blev",
        "blir",
        "kommer",
        "gjorde",
        "fick",
        "får",
        "ska",
        "vill",
        "kan",
        "tog",
        "går",
        "gick",
        "själv",
        "och",
    ]
)
IN_PLACE = frozenset(
    ["i", "på", "vid", "från", "till", "kring", "genom", "runt", "utanför", "nära", "mellan", "inom", "ur"]
)

AGE_OR_PARTY = re.compile(
    r" ?,? ?\(?[1-9][0-9](?: år)?\)?(?![\w.:%/-])|,? ?\((?:s|m|c|l|v|mp|kd|sd|fp|pp|fi|nyd|opol|oberoende|ordf[a-z.]*)\)",
    re.IGNORECASE,
)
AFTER_COMMA = re.compile(r" ?, ?([^,.()\n]{2,60})")
PLACE_NOUNS = re.compile(
    r" ?(?:gata|gatan|väg|vägen|torg|torget|plats|platsen|gränd|allé|stig|backe|skola|skolan|sjukhus|sjukhuset|barnsjukhus|kyrka"
    r"|kyrkan|församling|kommun|kommuns|län|läns|stiftelse|stiftelser|minnesfond|fond|stipendium|universitet|universitetet"
    r"|högskola|gymnasium|gymnasieskola|institut|museum|arena|center|förskola|friskola|folkhögskola|flygplats|station|bro"
    r"|slott|stad|socken|teater|teatern|barnsjukhuset|akademi|bibliotek|konsthall|domkyrka|lasarett|hotell|kulle|kapell"
    r"|barn-|pris|minnespris|hamn|hage|terrass|trädgård|kyrkogård|park|parken|trappor|kaj|kliniken|klinik|sjukhem|äldreboende|vårdcentral)s?(?![\w])"
)
DEFINITE = ("aren", "erna", "inden", "aten", "anten", "aren", "orn", "isten", "inan", "erskan", "en")
NEUTRAL = frozenset(["sedan", "innan", "den", "mellan", "även", "redan", "sen", "utan", "men", "igen", "medan"])
THINGS = frozenset(
    [
        "staden",
        "floden",
        "filmen",
        "boken",
        "ön",
        "byn",
        "provinsen",
        "tidningen",
        "gruppen",
        "rörelsen",
        "båten",
        "orkanen",
        "stormen",
        "gatan",
        "vägen",
        "sjön",
        "skolan",
        "firman",
        "kedjan",
        "klubben",
        "restaurangen",
        "hunden",
        "hästen",
        "katten",
        "serien",
        "romanen",
        "pjäsen",
        "operan",
        "banken",
        "länken",
        "regionen",
        "delstaten",
        "kommunen",
        "kusten",
        "stranden",
        "hamnen",
        "arenan",
        "festivalen",
        "tävlingen",
        "cupen",
        "ligan",
        "matchen",
        "musikalen",
        "låten",
        "skivan",
        "singeln",
        "stiftelsen",
        "föreningen",
        "organisationen",
        "nyhetsbyrån",
        "turneringen",
        "tunneln",
        "bron",
        "isbrytaren",
        "kryssaren",
        "lastfartyget",
        "fartyget",
        "färjan",
        "kryssningsfartyget",
        "varumärket",
        "märket",
        "företaget",
        "bolaget",
        "bandet",
        "rockbandet",
        "dansbandet",
        "duon",
        "popgruppen",
        "rockgruppen",
        "rapgruppen",
        "albumet",
        "spelet",
        "programmet",
        "dramat",
        "hotellet",
        "köpcentret",
        "sjukhuset",
        "fängelset",
        "kvarteret",
        "galleriet",
        "museet",
        "teatern",
        "biografen",
        "magasinet",
        "förlaget",
        "skivbolaget",
        "modehuset",
        "klädkedjan",
        "märket",
        "bilmärket",
        "satelliten",
        "raketen",
        "sonden",
        "planeten",
        "fotbollsklubben",
        "laget",
        "stormarna",
        "advokatfirman",
        "advokatbyrån",
        "reklambyrån",
        "hotell",
        "restaurang",
        "krogen",
        "nattklubben",
        "puben",
        "baren",
        "caféet",
        "kaféet",
        "byggföretaget",
        "sorten",
        "äpplet",
        "rosen",
        "ponnyn",
        "valacken",
        "stoet",
        "hingsten",
        "tiken",
        "valpen",
        "operan",
        "baletten",
        "tv-serien",
        "långfilmen",
        "novellen",
    ]
)
QUOTES = "\"'”“’»«„"


@cache
def is_title(word: str) -> bool:
    """A title or role, in lower case."""
    return word.endswith(TITLE_ENDINGS) or (word.endswith(AGENT_ENDINGS) and len(word) > 6) or is_listed_title(word)


def _is_sure_title(word: str) -> bool:
    return word[:1].islower() and (word.endswith(TITLE_ENDINGS) or is_listed_title(word))


def is_listed_title(word: str) -> bool:
    return bool(table().get(word, 0) & TITLE)


def is_work_title(word: str) -> bool:
    """A role in an office, where a single name after it stands for a colleague."""
    return word.endswith(WORK_TITLES)


def word_before(text: str, start: int) -> str:
    """The word just before, in lower case and with its colon; nothing if something else stands between."""
    if start < 2 or text[start - 1] not in " \u00a0":
        return ""
    return text[max(text.rfind(" ", 0, start - 1), text.rfind("\n", 0, start - 1), start - 40) + 1 : start - 1].lower()


def before_weight(text: str, start: int) -> float:
    """Evidence of the word before."""
    word = word_before(text, start).lstrip("([\"'”“»–-")
    if not word:
        return 0.0
    bare = word.rstrip(":")
    if (is_listed_title(bare) or bare.endswith(TITLE_ENDINGS)) and bare not in THINGS:
        return 2.5
    if bare in SPEECH or word in SPEECH:
        return 1.5
    if (is_title(bare) and bare not in THINGS) or (bare.endswith("ske") and len(bare) > 5):
        return 1.75
    if bare in THINGS:
        return -2.5
    if bare.endswith(DEFINITE) and bare not in NEUTRAL:
        return 0.5
    return -1.0 if bare in IN_PLACE else 0.0


def after_weight(text: str, end: int) -> float:
    """Evidence of what follows: age, party, title after a comma, a verb only people do."""
    if AGE_OR_PARTY.match(text, end):
        return 2.5
    apposition = AFTER_COMMA.match(text, end)
    if apposition and any(_is_sure_title(word) for word in apposition[1].split()[:3]):
        return 2.0
    if text[end : end + 1] not in (" ", "\u00a0"):
        return 0.0
    following = text[end + 1 : end + 20].split(maxsplit=1)
    if not following:
        return 0.0
    return 1.25 if following[0] in AFTER else 0.4 if following[0] in AFTER_MILD else 0.0


def is_quoted(text: str, start: int, end: int) -> bool:
    """Alone between quotation marks: more often a work than a person."""
    return start > 0 and text[start - 1] in QUOTES and text[end : end + 1] in tuple(QUOTES)


def begins_sentence(text: str, start: int) -> bool:
    """Would the first word stand with a capital whatever it is?"""
    at = start - 1
    while at >= 0 and text[at] in " \u00a0\t\"'”“»«([–—-•*·>" and start - at < 12:
        at -= 1
    return at < 0 or text[at] in ".!?:\n\r|…"
