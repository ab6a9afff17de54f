"""Three questions that only tests/visits/visit/test_added_question.py knows: a program is started with them."""
