"""The fields of a child's file, one entry each: what form, change, page, paper, list, API, rules of what is missing,
visits, demo and docs/fields.md know of a field they read here. docs/how_to.md says how one is added.

The order is that of the file's content: the API's, a change's, the history's.
"""

from registry.child.field_entry import Entry
from registry.child.field_table.child import CHILD_ENTRIES
from registry.child.field_table.people import GRANDPARENT_ENTRIES, GUARDIAN_ENTRIES, PARENT_ENTRIES

TABLE: list[Entry] = [*CHILD_ENTRIES, *PARENT_ENTRIES, *GRANDPARENT_ENTRIES, *GUARDIAN_ENTRIES]

# what these tables hold beside the content of a file, and why a person doesn't fill it in: {model: {column: reason}}
NOT_CONTENT = {
    "ChildFile": {
        "id": "the file's key",
        "given_name": "derived from the name, for the search",
        "pinyin": "derived from the name, for the search",
        "initials": "derived from the name, for the search",
        "name_order": "derived from the name, to put lists in order",
        "id_index": "finds an equal number",
        "id_tail": "finds the end of a number",
        "phone_index": "finds an equal number",
        "phone_tail": "finds the end of a number",
        "guardian_name": "a copy of the guardian's, for the search",
        "guardian_pinyin": "a copy of the guardian's, for the search",
        "guardian_phone_index": "a copy of the guardian's, for the search",
        "guardian_phone_tail": "a copy of the guardian's, for the search",
        "family_uid": "marks brothers and sisters",
        "file_number": "given at approval",
        "state": "moved by the workflow",
        "taken_back": "set by the workflow",
        "version": "counts the writes",
        "category_codes": "a copy of the open memberships, for lists",
        "made_by": "who made the file",
        "made_in": "in which post",
        "submitted_at": "set by the workflow",
        "approved_on": "set by the workflow",
        "counted_since": "set by moves and reopening",
        "closed_on": "set by closing",
        "close_reason": "set by closing",
        "merged_into": "set by merging",
        "created_at": "set once",
        "updated_at": "set by each write",
        "city": "the place of the file: the form asks for the village",
        "county": "the place of the file: the form asks for the village",
        "township": "the place of the file: the form asks for the village",
        "village": "the place of the file: the form asks for it, transfers change it",
    },
    "FamilyMember": {
        "id": "the row's key",
        "child": "whose relative",
        "relation": "stands in the field's own name",
        "id_index": "finds an equal number",
        "phone_index": "finds an equal number",
    },
    "Guardian": {
        "id": "the row's key",
        "child": "whose guardian",
        "id_index": "finds an equal number",
        "phone_index": "finds an equal number",
        "since": "set where one guardian follows another",
        "until": "set where one guardian follows another",
    },
}
