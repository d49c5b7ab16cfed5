"""The archive package of a signed agreement: a ZIP that a registrator can keep, read and check without the portal."""
