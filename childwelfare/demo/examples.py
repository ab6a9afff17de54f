"""The ids that the examples in the API's description name. The demo gives them to its director, a child of her village
and a visit that came back, so that an outside client can send each example as it stands."""

import uuid

NAMESPACE = uuid.UUID("6b0f4e2c-0d0a-4f0e-9a51-64d0c2017064")
ACCOUNT = uuid.uuid5(NAMESPACE, "demo_director")
POST = uuid.uuid5(NAMESPACE, "post")
CHILD = uuid.uuid5(NAMESPACE, "child")
VISIT = uuid.uuid5(NAMESPACE, "returned visit")
