"""Steps: what people do to things that are in the books already, each allowed or refused with a sentence."""


class Illegal(Exception):
    """A step that is not possible now. `sentence` says what is."""

    def __init__(self, sentence: str) -> None:
        super().__init__("illegal step")
        self.sentence = sentence
