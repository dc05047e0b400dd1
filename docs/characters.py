"""How common each character of Chinese text is: makes rules/repair/characters.txt.

    python3 characters.py jieba-0.42.1/jieba/dict.txt text > characters.txt

The first argument is a list of words with counts, the second a folder of text; docs/lexicon.md tells where both come from.
Half of each character's chance is its share of the words, half its share of the text. A line has a cost in eighths of a bit,
minus the logarithm of that chance, and all the characters that have it.
"""

import collections
import math
import pathlib
import sys

# What is common as a word of its own. Of other characters that the list has alone, many come of wrong decodings in the text that
# its makers counted: those count at most three times as often as in longer words and in the text.
ALONE = "了也你又她把谁吧啊吗啦呀哩啥哦呢嗯唉矣曰朕咦噢嗨"

alone, words, text = collections.Counter(), collections.Counter(), collections.Counter()
for path in sorted(pathlib.Path(sys.argv[2]).iterdir()):
    text.update(path.read_text(encoding="utf-8"))
for line in open(sys.argv[1], encoding="utf-8"):
    word, count = line.split(" ")[:2]
    for c in word:
        (words if len(word) > 1 else alone)[c] += int(count)
for c, count in alone.items():
    words[c] += count if c in ALONE else min(count, 3 * (words[c] + text[c]))


def is_han(c):
    return "\u4e00" <= c <= "\u9fff" or c in "〇々"


def is_mark(c):
    return "\u3000" <= c <= "\u303f" or "\uff01" <= c <= "\uff65" or c in "“”‘’…—·×°±℃"


def chances(counts, floor):
    total = sum(n for c, n in counts.items() if is_han(c) or is_mark(c))
    return {c: n / total for c, n in counts.items() if n >= floor and (is_han(c) or is_mark(c))}


of_words, of_text = chances(words, 3), chances(text, 3)
costs = collections.defaultdict(list)
# Halves of full-width marks and of the commonest characters in UTF-8, read as GBK: nobody writes these.
costs[248] = list("殑紝銆鈥鐨锛")
for c in sorted((of_words.keys() | of_text.keys()) - set(costs[248])):
    # The marks of stories are rare in laws and manuals.
    chance = max(of_text.get(c, 0), 1 / 500 if c in "！？“”…—·：；《》「」" else 0) if is_mark(c) else (of_words.get(c, 0) + of_text.get(c, 0)) / 2
    # In steps of half a bit.
    costs[round(-2 * math.log2(chance)) * 4].append(c)
for cost in sorted(costs):
    print(cost, "".join(costs[cost]))
