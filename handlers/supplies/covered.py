"""How many of those who are to get something have signed for it."""

from handlers.supplies.standing import Books


def coverage(books: Books) -> tuple[int, int]:
    """(how many have signed, how many are to get something): those on the list, and whoever got a note anyway."""
    wanted = {party.key for party in books.on_list()}
    wanted |= {books.party(note.party, note.enterprise).key for note, _ in books.notes}
    return len(books.signed() & wanted), len(wanted)


def uncovered(books: Books) -> list[str]:
    """Names of those who have signed for nothing yet."""
    signed = books.signed()
    wanted = [party.key for party in books.on_list()]
    wanted += [books.party(note.party, note.enterprise).key for note, _ in books.notes]
    return [books.parties[key].name for key in dict.fromkeys(wanted) if key not in signed]
