"""A client made from the OpenAPI document alone: python3 client.py URL TOKEN. Each operation becomes a function, its body is its example."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

base, token = sys.argv[1:3]


def fetch(method, path, body=None, content_type=None):
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if content_type:
        headers["Content-Type"] = content_type
    request = urllib.request.Request(base + path, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


document = json.loads(fetch("GET", "/v1/openapi.json")[2])
operations = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in document["paths"].items()
    for method, operation in methods.items()
}
called = {}


def resolved(schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return schema


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def faults(value, schema, where=""):
    """What the schema says against the value; the keywords that our document uses for answers."""
    schema = resolved(schema)
    for combined in ("anyOf", "oneOf"):
        if combined in schema:
            tried = [faults(value, one, where) for one in schema[combined]]
            return [] if any(not one for one in tried) else tried[0]
    kind = schema.get("type")
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, int if kind == "integer" else (int, float)):
            return [f"{where}: {value!r} is no {kind}"]
    elif kind and not isinstance(value, TYPES[kind]):
        return [f"{where}: {value!r} is no {kind}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is none of {schema['enum']}")
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        found += [f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, part in value.items():
            if name in known:
                found += faults(part, known[name], f"{where}/{name}")
            elif isinstance(more, dict):
                found += faults(part, more, f"{where}/{name}")
            elif more is False:
                found.append(f"{where}: {name} is not documented")
    if isinstance(value, list):
        for at, part in enumerate(value):
            found += faults(part, schema.get("items", {}), f"{where}/{at}")
    return found


def call(operation_id, expected, body=None, **parameters):
    method, path, operation = operations[operation_id]
    query = []
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace("{" + name + "}", urllib.parse.quote(parameters.pop(name), safe=""))
        elif parameter["in"] == "query" and name in parameters:
            query.append((name, parameters.pop(name)))
    assert not parameters, f"{operation_id} has no parameters {parameters}"
    content_type, sent = None, None
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]
        content_type = "application/json" if "application/json" in content else next(iter(content))
        sent = json.dumps(content[content_type]["example"] if body is None else body).encode()
    status, headers, answer = fetch(method, path + ("?" + urllib.parse.urlencode(query) if query else ""), sent, content_type)
    assert status == expected, f"{operation_id}: {status} and not {expected}: {answer[:300]!r}"
    documented = operation["responses"].get(str(status), operation["responses"].get(f"{status // 100}XX"))
    assert documented is not None, f"{operation_id}: {status} is not documented"
    got = (headers.get("Content-Type") or "").split(";")[0]
    content = documented.get("content", {})
    if answer or content:
        assert got in content, f"{operation_id}: {got} is not documented among {list(content)}"
        if got.endswith("json"):
            wrong = faults(json.loads(answer), content[got]["schema"])
            assert not wrong, f"{operation_id}: {wrong[:3]}"
    called[operation_id] = called.get(operation_id, 0) + 1
    return json.loads(answer) if got.endswith("json") else answer


# The document of the example as a whole, as it comes out again.
example = operations["putPolicy"][2]["requestBody"]["content"]["application/json"]["example"]
call("putPolicy", 200, dryRun="true")
call("putPolicy", 200)
assert call("getPolicy", 200)["rules"].keys() == example["rules"].keys()
call("patchPolicy", 200, {"defaults": {"ingress": "allow"}})

# The same things piece by piece, with the examples of each.
for kind in ("Interface", "Set", "Rule", "Service"):
    call(f"put{kind}", 201, name="second", body={"priority": 5, "direction": "egress", "action": "deny", "match": {}, "enabled": False} if kind == "Rule" else {"address": "198.51.100.20", "protocol": "tcp", "forwarding": "nat"} if kind == "Service" else None)
    call(f"get{kind}", 200, name="second")
    call(f"patch{kind}", 200, {"comment": "by a patch"}, name="second")
    call(f"get{kind}Status", 200, name="second")
    assert len(call(f"list{kind}s", 200, include="status")["items"]) == 2
call("putEntries", 200, name="second")
call("patchEntries", 200, name="second")
assert call("listEntries", 200, name="second", limit=1)["items"]
call("putBackend", 201, name="second", backend="b9", body={"address": "10.0.0.19"})
call("patchBackend", 200, {"weight": 5}, name="second", backend="b9")
call("getBackend", 200, name="second", backend="b9")
call("deleteBackend", 204, name="second", backend="b9")
call("deleteEntries", 204, name="second")
call("deleteSet", 409, name="blocklist")
call("refreshSet", 404, name="second")  # nothing fills it
for kind in ("Interface", "Set", "Rule", "Service"):
    call(f"delete{kind}", 204, name="second")
    call(f"get{kind}", 404, name="second")

for operation_id in ("listDevices", "getStatus", "getHealth", "getReadiness", "getMode", "getMetrics", "listTokens", "getOpenapi"):
    call(operation_id, 200)
now = call("getStatus", 200)["revision"]
waiting = call("patchPolicy", 202, {"defaults": {"essentials": False}}, confirmWithin="60s")
call("getConfirm", 200)
call("rollBack", 200)
waiting = call("patchPolicy", 202, {"defaults": {"essentials": False}}, confirmWithin="60s")
call("confirm", 200, {"revision": waiting["revision"]})
call("listRevisions", 200)
call("getRevision", 200, revision=str(now))
call("diffRevisions", 200, **{"from": str(now), "to": str(waiting["revision"])})
call("restoreRevision", 200, revision=str(now))
call("listAudit", 200)
call("trace", 200, {"direction": "ingress", "fields": {"source": "192.0.2.7", "destination": "198.51.100.10", "protocol": "tcp", "destinationPort": 80}})
call("setMode", 200, {"mode": "enforce", "reason": "from the client"})
call("createToken", 201)
name = operations["createToken"][2]["requestBody"]["content"]["application/json"]["example"]["name"]
call("deleteToken", 204, name=name)
call("putRule", 400, {"nonsense": 1}, name="third")
call("putRule", 422, {"direction": "ingress", "action": "deny", "match": {"source": ["10.0.0.7/8"]}}, name="third")

left = sorted(set(operations) - set(called))
print(json.dumps({"called": len(called), "left": left}))
