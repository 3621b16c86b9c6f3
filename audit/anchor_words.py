"""The 256 words in which an anchor is written down and read out: one for each byte, never changed or reordered."""

IN_ORDER = """
acid acorn actor album alley almond anchor ankle apple apron arch arrow atlas attic awning axle badge bagel
baker bamboo banjo barley basin basket beach beam bell belt bench beret bicycle birch blanket bolt bonnet
border bottle branch bread brick bridge broom bucket bundle butter button cabin cable cactus camel candle
canoe carpet carrot castle cedar cellar chalk chest chimney circle clamp cloak clock cloud clove coast
cobalt coin comet compass copper cork corner cotton cradle crane crater crown curtain cushion cymbal damson
desert desk dial dinner dolphin dome donkey door dragon drum dune eagle easel echo elbow elm engine envelope
fable falcon feather fence ferry fiddle field fig finger flag flame flask flint flour flute foam fork fort
fossil fountain fringe funnel garden garlic gate girder glacier glass globe glove goat gravel guitar hammer
harbor harvest hedge helmet hill honey horizon horn ink island jacket jar jigsaw jungle kettle kite kiwi
ladder lagoon lake lantern lemon lentil lever lizard loaf lobster locket loom magnet mango maple marble
market meadow melon metal mill mirror mitten moon mortar mountain muffin mushroom needle nest nickel nutmeg
oak oar oasis oatmeal oboe onion orchard otter oven owl oyster paddle palace palm panda paper parade parrot
pasture peach pebble pencil pepper petal piano pickle pigeon pillow planet plate plum pocket pond potato
prairie pulley pumpkin puzzle quarry quill quilt rabbit radish raft rain raisin ranch ribbon rind rocket
roof rope rudder saddle salmon sandal satin saucer scarf shell shovel silk silver slipper snail sofa spoon
stable stove sugar swan table
"""

WORDS: tuple[str, ...] = tuple(IN_ORDER.split())


def in_words(digest: bytes, how_many: int = 8) -> str:
    """The first bytes of a digest as words: eight of them are 64 bits."""
    return " ".join(WORDS[byte] for byte in digest[:how_many])
