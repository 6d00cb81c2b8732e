"""Reads an XML file; prints "tag class count" for each tag and first word of its class."""
import collections
import sys
import xml.etree.ElementTree

counts = collections.Counter()
for element in xml.etree.ElementTree.parse(sys.argv[1]).iter():
    tag = element.tag.rpartition("}")[2]
    counts[tag, (element.get("class") or "-").split()[0]] += 1
for (tag, name), count in counts.items():
    print(tag, name, count)
