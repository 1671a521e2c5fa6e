//! The policy under which an application runs: what the check could not see is refused by the browser (design.md, Security).

/// Content-Security-Policy from the version's allow-list. Entries are hosts, checked and in punycode.
pub(super) fn of(hosts: &[String], console: &[String]) -> String {
    // Any port: 外链检查 does not look at ports either.
    let listed: String = hosts.iter().map(|host| format!(" {host}:*")).collect();
    let console: String = console.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'self'; script-src 'self' 'unsafe-inline'{listed}; style-src 'self' 'unsafe-inline'{listed}; \
         img-src 'self' data: blob:{listed}; font-src 'self' data: blob:{listed}; media-src 'self' data: blob:{listed}; \
         connect-src 'self'{listed}; frame-src 'self'{listed}; form-action 'self'{listed}; worker-src 'self'; \
         object-src 'none'; base-uri 'self'; frame-ancestors{console}; report-uri /__report"
    )
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_is_listed_may_be_reached_and_nothing_else() {
        let policy = of(&["api.example.gov.cn".to_owned()], &["http://localhost:3000".to_owned()]);
        assert!(policy.contains("connect-src 'self' api.example.gov.cn:*;"));
        assert!(policy.contains("frame-ancestors http://localhost:3000;"));
        assert!(!policy.contains("unsafe-eval"));
    }
}
