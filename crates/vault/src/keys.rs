//! To whom containers are encrypted, and who can open them.

use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519;

use crate::VaultError;

/// Who can open containers: the private key, an age identity.
#[derive(Clone)]
pub struct Identity(pub(crate) x25519::Identity);

/// To whom containers are encrypted: the public key, an age recipient.
#[derive(Clone, Debug)]
pub struct Recipient(pub(crate) x25519::Recipient);

impl Identity {
    /// A new key. The randomness is the system's.
    pub(crate) fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// The first identity in the text of a key file as `age-keygen` writes it; lines that start with `#` are comments.
    ///
    /// # Errors
    /// [`VaultError::BadKey`].
    pub fn from_file_text(text: &str) -> Result<Self, VaultError> {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let line = line.ok_or_else(|| VaultError::BadKey("there is no key in the key file".to_owned()))?;
        x25519::Identity::from_str(line)
            .map(Self)
            .map_err(|why| VaultError::BadKey(format!("the key file holds no age identity (AGE-SECRET-KEY-1...): {why}")))
    }

    /// Its public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// The text of a key file.
    pub(crate) fn to_file_text(&self) -> String {
        format!("# public key: {}\n{}\n", self.recipient(), self.0.to_string().expose_secret())
    }
}

impl FromStr for Recipient {
    type Err = VaultError;

    /// # Errors
    /// [`VaultError::BadKey`].
    fn from_str(text: &str) -> Result<Self, VaultError> {
        let no_key = |why| VaultError::BadKey(format!("{text}: is no age recipient (age1...): {why}"));
        x25519::Recipient::from_str(text.trim()).map(Self).map_err(no_key)
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
