//! What a schema may cost. One that someone else wrote can be small and take for ever: `anyOf` in `anyOf`,
//! references that double at each step, a recursion with several branches at one place of the payload. So it is
//! estimated before anything is compiled or run.

use std::collections::HashMap;

use serde_json::Value;

/// How many schemas a schema may come to with its references written out: it is compiled like that.
const MOST_COMPILED: u64 = 20_000;
/// How many of them may be run on the way to one place of a payload.
const MOST_RUN: u64 = 20_000;
/// How deep payloads are assumed to be.
const DEPTH: u32 = 64;

/// Keywords whose schemas look at the same place of the payload: a list or one, and members of an object.
const SAME_PLACE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];
const SAME_PLACE_MEMBERS: [&str; 1] = ["dependentSchemas"];
/// Those whose schemas look at a place below it.
const BELOW: [&str; 8] = [
    "items",
    "prefixItems",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "propertyNames",
    "additionalItems",
];
const BELOW_MEMBERS: [&str; 2] = ["properties", "patternProperties"];

/// Why a schema is too expensive, if it is.
pub(super) fn too_expensive(root: &Value) -> Option<String> {
    let mut estimate = Estimate {
        root,
        compiled: HashMap::new(),
        run: HashMap::new(),
        steps: 0,
    };
    if estimate.compiled(root) > MOST_COMPILED {
        return Some(format!(
            "contains more than {MOST_COMPILED} schemas once its references are resolved"
        ));
    }
    if estimate.run(root, DEPTH, 0) > MOST_RUN {
        return Some(format!(
            "may take more than {MOST_RUN} steps for one value of a payload: it nests too many alternatives"
        ));
    }
    None
}

struct Estimate<'s> {
    root: &'s Value,
    /// By the address of a schema; 0 while it is being looked at.
    compiled: HashMap<*const Value, u64>,
    run: HashMap<(*const Value, u32), u64>,
    steps: u64,
}

impl<'s> Estimate<'s> {
    fn compiled(&mut self, schema: &'s Value) -> u64 {
        let address: *const Value = schema;
        if let Some(known) = self.compiled.get(&address) {
            // A circle is compiled once.
            return *known.max(&1);
        }
        self.compiled.insert(address, 0);
        let mut total = 1_u64;
        for child in self.same_place(schema).into_iter().chain(below(schema)) {
            total = total.saturating_add(self.compiled(child));
        }
        self.compiled.insert(address, total);
        total
    }

    /// How many schemas are run here and on the way down to one place below, whichever that is. `here` counts
    /// the schemas of this place that led to this one: a circle of those never ends.
    fn run(&mut self, schema: &'s Value, depth: u32, here: u32) -> u64 {
        self.steps += 1;
        if here > 200 || self.steps > 2_000_000 {
            return u64::MAX;
        }
        let key = (std::ptr::from_ref(schema), depth);
        if let Some(known) = self.run.get(&key) {
            return *known;
        }
        let mut total = 1_u64;
        for child in self.same_place(schema) {
            total = total.saturating_add(self.run(child, depth, here + 1));
        }
        if depth > 0 {
            let deepest = below(schema)
                .into_iter()
                .map(|child| self.run(child, depth - 1, 0))
                .max();
            total = total.saturating_add(deepest.unwrap_or(0));
        }
        self.run.insert(key, total);
        total
    }

    fn same_place(&self, schema: &'s Value) -> Vec<&'s Value> {
        let mut all = children(schema, &SAME_PLACE, &SAME_PLACE_MEMBERS);
        for keyword in ["$ref", "$dynamicRef"] {
            let target = schema.get(keyword).and_then(Value::as_str);
            all.extend(target.and_then(|target| self.resolve(target)));
        }
        all
    }

    fn resolve(&self, target: &str) -> Option<&'s Value> {
        let fragment = target.strip_prefix('#')?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.root.pointer(fragment);
        }
        anchored(self.root, fragment)
    }
}

fn below(schema: &Value) -> Vec<&Value> {
    children(schema, &BELOW, &BELOW_MEMBERS)
}

fn children<'s>(schema: &'s Value, one_or_many: &[&str], members: &[&str]) -> Vec<&'s Value> {
    let mut all = Vec::new();
    for keyword in one_or_many {
        match schema.get(*keyword) {
            Some(Value::Array(list)) => all.extend(list),
            Some(one @ Value::Object(_)) => all.push(one),
            _ => {}
        }
    }
    for keyword in members {
        let object = schema.get(*keyword).and_then(Value::as_object);
        all.extend(object.into_iter().flat_map(serde_json::Map::values));
    }
    all
}

fn anchored<'s>(value: &'s Value, name: &str) -> Option<&'s Value> {
    let is_it = |keyword: &str| value.get(keyword).and_then(Value::as_str) == Some(name);
    if is_it("$anchor") || is_it("$dynamicAnchor") {
        return Some(value);
    }
    match value {
        Value::Object(members) => members.values().find_map(|value| anchored(value, name)),
        Value::Array(items) => items.iter().find_map(|value| anchored(value, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn alternatives_within_alternatives_are_refused_and_ordinary_schemas_are_not() {
        let mut nested = json!({"type": "string"});
        for _ in 0..30 {
            nested = json!({"anyOf": [nested.clone(), nested]});
            if nested.to_string().len() > 1 << 20 {
                break;
            }
        }
        let mut doubling = serde_json::Map::new();
        for step in 0..40 {
            let next = json!({"$ref": format!("#/$defs/d{}", step + 1)});
            doubling.insert(format!("d{step}"), json!({"anyOf": [next, next]}));
        }
        doubling.insert("d40".to_owned(), json!({"type": "string"}));
        let recursive = json!({"anyOf": [
            {"properties": {"x": {"$ref": "#"}}}, {"properties": {"x": {"$ref": "#"}}}
        ]});
        let circle = json!({"allOf": [{"$ref": "#"}]});
        for hostile in [
            nested,
            json!({"$ref": "#/$defs/d0", "$defs": doubling}),
            recursive,
            circle,
        ] {
            assert!(too_expensive(&hostile).is_some());
        }
        let tree = json!({"$anchor": "node", "properties": {
            "left": {"$ref": "#node"}, "right": {"$ref": "#node"},
            "value": {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]},
            "children": {"type": "array", "items": {"$ref": "#"}}
        }});
        assert_eq!(too_expensive(&tree), None);
    }
}
