"""What a file really is, whether it can be taken in, and what it says. Pure, and without Django.

Files come from outside and are opened by large libraries, so they are opened in a process of their own with limits on
time and memory (`sandbox`): a hostile file ends that process and nothing else.
"""
