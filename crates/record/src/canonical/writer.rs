//! Values to bytes, as RFC 8785 section 3.2 prescribes.

use super::{CanonicalError, DEPTH_MAX, Map, Value, integer_fits};

pub(super) fn encode(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write_value(&mut out, value, 0)?;
    Ok(out)
}

fn write_value(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(number) if integer_fits(*number) => {
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::Int(_) => return Err(CanonicalError::Number),
        Value::Text(text) => write_text(out, text),
        Value::List(list) => write_list(out, list, deeper(depth)?)?,
        Value::Map(map) => write_map(out, map, deeper(depth)?)?,
    }
    Ok(())
}

fn deeper(depth: usize) -> Result<usize, CanonicalError> {
    if depth >= DEPTH_MAX {
        return Err(CanonicalError::Depth);
    }
    Ok(depth + 1)
}

fn write_list(out: &mut Vec<u8>, list: &[Value], depth: usize) -> Result<(), CanonicalError> {
    out.push(b'[');
    for (position, value) in list.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_value(out, value, depth)?;
    }
    out.push(b']');
    Ok(())
}

fn write_map(out: &mut Vec<u8>, map: &Map, depth: usize) -> Result<(), CanonicalError> {
    out.push(b'{');
    for (position, (name, value)) in in_utf16_order(map).into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_text(out, name);
        out.push(b':');
        write_value(out, value, depth)?;
    }
    out.push(b'}');
    Ok(())
}

/// RFC 8785 orders names by their UTF-16 units, which differs from the order of code points above U+FFFF.
fn in_utf16_order(map: &Map) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = map.iter().collect();
    if !map.keys().all(|name| name.is_ascii()) {
        members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    }
    members
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x0d => out.extend_from_slice(b"\\r"),
            0x00..=0x1f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
