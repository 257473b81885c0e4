#!/usr/bin/python3
"""Makes a language that nobody speaks: "Status" becomes "[!!! Šţåţüš ~~ !!!]", a third longer. What
is cut off or not translated shows at once.

usage: pseudo.py FROM.ts TO.ts"""

import re
import sys
import xml.etree.ElementTree as ET

LETTERS = str.maketrans("ACDEGILNORSTUYZacdegilnorstuyz", "ÅÇÐÉĜÎĻÑÖŔŠŢÜÝŽåçđéĝîļñöŕšţüýž")
KEPT = re.compile(r"(%L?\d+|%n|&\w|<[^>]+>|&amp;)")  # places for values, accelerators, tags


def pseudo(text: str) -> str:
    parts = KEPT.split(text)
    changed = "".join(part if place % 2 else part.translate(LETTERS)
                      for place, part in enumerate(parts))
    return f"[!!! {changed} {'~' * max(1, len(text) // 4)} !!!]"


def main() -> None:
    tree = ET.parse(sys.argv[1])
    tree.getroot().set("language", "en")
    for message in tree.iter("message"):
        words = pseudo(message.findtext("source") or "")
        translation = message.find("translation")
        translation.attrib.clear()
        forms = translation.findall("numerusform")
        for form in forms:
            form.text = words
        if not forms:
            translation.text = words
    tree.write(sys.argv[2], encoding="utf-8", xml_declaration=True)


if __name__ == "__main__":
    main()
