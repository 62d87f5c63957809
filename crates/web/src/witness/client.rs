//! Asks another office to countersign a head.

use std::io::Read as _;
use std::time::Duration;

use record::note::{KeyKind, NOTE_BYTES_MAX, Vkey, VkeyError};
use record::witness_request::{AddCheckpoint, parse_conflict, parse_cosignatures};
use register::witness::{Answer, Witness};

/// How long one request may take from the name's look-up to the last byte. Countersigning never holds up the record, so
/// a slow office is asked again with the next head.
const REQUEST_SECONDS_MAX: u64 = 5;

/// Another office, reached over http or https.
#[derive(Clone, Debug)]
pub struct HttpWitness {
    vkey: Vkey,
    address: String,
    agent: ureq::Agent,
}

/// Why an office cannot be asked. Correct what was typed; nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The key is not a witness's.
    #[error("the outside office's key: {0}")]
    Vkey(#[source] VkeyError),
    /// The address is not http or https, or holds characters that an address does not have.
    #[error("the outside office's address is not one of http or https")]
    Address,
}

impl HttpWitness {
    /// An office by its vkey and its submission prefix.
    pub fn new(vkey: &str, prefix: &str) -> Result<Self, WitnessError> {
        let vkey = Vkey::parse(vkey, KeyKind::Witness).map_err(WitnessError::Vkey)?;
        let known = prefix.starts_with("http://") || prefix.starts_with("https://");
        if !known || !prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(WitnessError::Address);
        }
        let address = format!("{}/add-checkpoint", prefix.trim_end_matches('/'));
        Ok(Self {
            vkey,
            address,
            agent: agent(),
        })
    }

    fn ask(&self, request: &AddCheckpoint) -> Result<(u16, Vec<u8>), ureq::Error> {
        let mut response = self
            .agent
            .post(&self.address)
            .content_type("text/plain; charset=utf-8")
            .send(&request.encode()[..])?;
        let mut body = Vec::new();
        response
            .body_mut()
            .as_reader()
            .take(NOTE_BYTES_MAX as u64 + 1)
            .read_to_end(&mut body)?;
        Ok((response.status().as_u16(), body))
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(REQUEST_SECONDS_MAX)))
        .http_status_as_error(false)
        // A signed head goes to the address that was named and nowhere else.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent("mahzar")
        .build()
        .new_agent()
}

impl Witness for HttpWitness {
    fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    fn add_checkpoint(&self, request: &AddCheckpoint) -> Answer {
        match self.ask(request) {
            Ok((status, body)) => understand(status, &body),
            Err(error) => Answer::Silent(error.to_string()),
        }
    }
}

fn understand(status: u16, body: &[u8]) -> Answer {
    match status {
        200 => parse_cosignatures(body)
            .map_or_else(|error| Answer::Refused(error.to_string()), Answer::Cosigned),
        409 => parse_conflict(body).map_or_else(
            |error| Answer::Refused(error.to_string()),
            |size| Answer::Conflict { size },
        ),
        422 => Answer::Inconsistent,
        404 => Answer::Refused("it does not know this record".to_owned()),
        403 => Answer::Refused("it does not know this record's key".to_owned()),
        other => Answer::Refused(format!("it answered {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_means_one_thing() {
        assert_eq!(understand(409, b"17\n"), Answer::Conflict { size: 17 });
        assert_eq!(understand(422, b"whatever"), Answer::Inconsistent);
        for (status, body) in [
            (200, &b"no line"[..]),
            (409, b"seventeen\n"),
            (403, b""),
            (404, b""),
            (400, b""),
            (500, b""),
            (302, b""),
        ] {
            assert!(
                matches!(understand(status, body), Answer::Refused(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn only_http_addresses_are_asked() {
        let vkey = "witness.example+";
        assert!(matches!(
            HttpWitness::new(vkey, "http://127.0.0.1:1"),
            Err(WitnessError::Vkey(_))
        ));
    }
}
