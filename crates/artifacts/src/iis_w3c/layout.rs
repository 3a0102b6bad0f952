//! Which column of a file holds what.

/// The columns of the rows that follow a `#Fields` line.
pub(super) struct Layout {
    /// Names as the file writes them.
    pub(super) names: Vec<String>,
    pub(super) date: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) computer: Option<usize>,
    pub(super) method: Option<usize>,
    pub(super) stem: Option<usize>,
    pub(super) query: Option<usize>,
    pub(super) port: Option<usize>,
    pub(super) user: Option<usize>,
    pub(super) client: Option<usize>,
    pub(super) forwarded_for: Option<usize>,
    pub(super) user_agent: Option<usize>,
    pub(super) referer: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) bytes_out: Option<usize>,
    pub(super) bytes_in: Option<usize>,
}

impl Layout {
    /// A layout of the names after `#Fields:`, or `None` when no time is among them: such a list is damaged, and rows read by
    /// it would have no place in any story.
    pub(super) fn new(fields: &str) -> Option<Self> {
        let layout = Self::of(fields);
        layout.time.is_some().then_some(layout)
    }

    fn of(fields: &str) -> Self {
        let names: Vec<String> = fields.split_ascii_whitespace().map(str::to_owned).collect();
        let at = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        Self {
            date: at("date"),
            time: at("time"),
            computer: at("s-computername"),
            method: at("cs-method"),
            stem: at("cs-uri-stem"),
            query: at("cs-uri-query"),
            port: at("s-port"),
            user: at("cs-username"),
            client: at("c-ip"),
            forwarded_for: at("X-Forwarded-For").or_else(|| at("cs(X-Forwarded-For)")),
            user_agent: at("cs(User-Agent)"),
            referer: at("cs(Referer)"),
            status: at("sc-status"),
            bytes_out: at("sc-bytes"),
            bytes_in: at("cs-bytes"),
            names,
        }
    }
}

impl Default for Layout {
    /// The columns of IIS 8 and later when nobody changed them (Microsoft Learn, "Configure Logging in IIS").
    fn default() -> Self {
        Self::of(
            "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) \
             sc-status sc-substatus sc-win32-status time-taken",
        )
    }
}
