//! `web.config` files: each site's differs, and mitigations are rules in it.

/// Rules of URL Rewrite for one folder, as the mitigations of Microsoft's emergency service (EEMS) and its script (EOMT)
/// write them, or as an administrator does (names: Microsoft Learn, CSS-Exchange).
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) input: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) action: &'static str,
}

pub(crate) const OWN_REDIRECT: Rule =
    Rule { name: "root to webmail", input: "{PATH_INFO}", pattern: "^/$", action: "type=\"Redirect\" url=\"/owa\"" };
pub(crate) const EOMT_COOKIES: [Rule; 2] = [
    Rule {
        name: "X-AnonResource-Backend Abort - inbound",
        input: "{HTTP_COOKIE}",
        pattern: "(.*)X-AnonResource-Backend(.*)",
        action: "type=\"AbortRequest\"",
    },
    Rule {
        name: "X-BEResource Abort - inbound",
        input: "{HTTP_COOKIE}",
        pattern: "(.*)X-BEResource=(.+)/(.+)~(.+)",
        action: "type=\"AbortRequest\"",
    },
];
pub(crate) const EEMS_POWERSHELL: Rule = Rule {
    name: "EEMS M1.1 PowerShell - inbound",
    input: "{UrlDecode:{REQUEST_URI}}",
    pattern: "(?=.*autodiscover)(?=.*powershell)",
    action: "type=\"AbortRequest\"",
};

/// A `web.config` with those rules.
pub(crate) fn with_rules(rules: &[&Rule]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n  <system.webServer>\r\n    <rewrite>\r\n      <rules>\r\n",
    );
    for Rule { name, input, pattern, action } in rules {
        text += &format!(
            "        <rule name=\"{name}\" patternSyntax=\"ECMAScript\" stopProcessing=\"true\">\r\n          <match url=\".*\" />\r\n          \
             <conditions>\r\n            <add input=\"{input}\" pattern=\"{pattern}\" />\r\n          </conditions>\r\n          \
             <action {action} />\r\n        </rule>\r\n"
        );
    }
    text + "      </rules>\r\n    </rewrite>\r\n  </system.webServer>\r\n</configuration>\r\n"
}

/// The `web.config` of webmail with the outbound rule of mitigation M2.1 (CVE-2026-42897).
pub(crate) fn with_outbound_mitigation() -> String {
    let lines = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<configuration>",
        "  <system.webServer>",
        "    <rewrite>",
        "      <outboundRules>",
        "        <rule name=\"EEMS M2.1 OWA CSP - outbound\" preCondition=\"EEMS M2.1 OWA SPA HTML shell - precondition\">",
        "          <match serverVariable=\"RESPONSE_Content-Security-Policy\" pattern=\".*\" />",
        "          <action type=\"Rewrite\" value=\"script-src 'self'\" />",
        "        </rule>",
        "        <preConditions>",
        "          <preCondition name=\"EEMS M2.1 OWA SPA HTML shell - precondition\">",
        "            <add input=\"{RESPONSE_CONTENT_TYPE}\" pattern=\"^text/html\" />",
        "          </preCondition>",
        "        </preConditions>",
        "      </outboundRules>",
        "    </rewrite>",
        "  </system.webServer>",
        "</configuration>",
        "",
    ];
    lines.join("\r\n")
}

/// The `web.config` that setup leaves in a folder of Exchange.
pub(crate) fn of_exchange() -> String {
    let lines = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<configuration>",
        "  <appSettings>",
        "    <add key=\"LogonSettings.SignOutKind\" value=\"DefaultSignOut\" />",
        "  </appSettings>",
        "  <system.web>",
        "    <compilation defaultLanguage=\"c#\" debug=\"false\" />",
        "    <machineKey validationKey=\"AutoGenerate,IsolateApps\" decryptionKey=\"AutoGenerate,IsolateApps\" />",
        "  </system.web>",
        "  <system.webServer>",
        "    <modules>",
        "      <add name=\"HttpProxy\" type=\"Microsoft.Exchange.HttpProxy.ProxyModule,Microsoft.Exchange.FrontEndHttpProxy\" />",
        "    </modules>",
        "  </system.webServer>",
        "</configuration>",
        "",
    ];
    lines.join("\r\n")
}
