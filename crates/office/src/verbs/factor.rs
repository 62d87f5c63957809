//! Second factors: what the pages keep for a member (a passkey, a TOTP secret), under the house key.

use record::ids::MemberId;
use vault::secret::SecretBytes;

use crate::Office;
use crate::fault::Fault;
use crate::house::row;
use crate::session::Session;

impl Office {
    /// What is kept for a member under this name.
    pub fn factor(&self, member: MemberId, name: &str) -> Result<Option<SecretBytes>, Fault> {
        self.cabinet_get(&row::factor(member, name))
    }

    /// Keeps something for the signed-in member.
    pub fn keep_factor(&self, session: &Session, name: &str, body: &[u8]) -> Result<(), Fault> {
        self.check_present(session)?;
        let change = self.cabinet_put(&row::factor(session.member(), name), body);
        self.cabinet_change(change)
    }

    /// Forgets it.
    pub fn forget_factor(&self, session: &Session, name: &str) -> Result<(), Fault> {
        self.check_present(session)?;
        let change = self.cabinet_delete(&row::factor(session.member(), name));
        self.cabinet_change(change)
    }
}
