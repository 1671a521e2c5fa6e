use super::Settings;
use clap::Parser;

fn wrong(args: &[&str]) -> Option<String> {
    let settings = Settings::parse_from([&["server"], args].concat());
    settings.notices.carriers().err().map(|error| error.to_string())
}

#[tokio::test]
async fn a_carrier_that_is_half_set_or_wrong_is_named_without_its_secrets() {
    assert_eq!(wrong(&[]), None);
    assert_eq!(wrong(&["--webhook-url", "", "--webhook-secret", ""]), None);
    let robot = ["--webhook-url", "https://oapi.dingtalk.com/robot/send?access_token=t", "--webhook-secret", "SEC"];
    let mail = ["--smtp-url", "smtps://u:p@mail.example.gov.cn", "--mail-from", "a@example.gov.cn"];
    assert_eq!(wrong(&[robot, mail].concat()), None);
    assert_eq!(
        wrong(&robot[..2]).unwrap(),
        "--webhook-url (IRS_WEBHOOK_URL) is set, but --webhook-secret (IRS_WEBHOOK_SECRET) is not: set both, or neither"
    );
    for (args, named) in [
        (["--webhook-url", "token=secret1", "--webhook-secret", "secret1"], "--webhook-url"),
        (["--smtp-url", "u:secret1@mail", "--mail-from", "a@example.gov.cn"], "--smtp-url"),
        (["--smtp-url", "smtp://u:secret1@mail", "--mail-from", "nobody"], "--mail-from"),
    ] {
        let said = wrong(&args).unwrap();
        assert!(said.starts_with(named) && !said.contains("secret1"), "{said}");
    }
}

#[test]
fn a_bucket_that_is_half_set_or_wrong_is_named_without_its_secrets() {
    let said = |args: &[&str]| {
        let settings = Settings::parse_from([&["server"], args].concat());
        settings.bucket.bucket().map(|bucket| bucket.is_some()).map_err(|error| error.to_string())
    };
    let whole = [
        ["--s3-bucket", "irs"],
        ["--s3-endpoint", "https://s3.example.gov.cn"],
        ["--s3-access-key", "secret1"],
        ["--s3-secret-key", "secret2"],
    ];
    assert_eq!(said(&[]), Ok(false));
    assert_eq!(
        said(&["--s3-bucket", "", "--s3-endpoint", "", "--s3-access-key", " ", "--s3-secret-key", ""]),
        Ok(false)
    );
    assert_eq!(said(whole.as_flattened()), Ok(true));
    for missing in 0..whole.len() {
        let rest: Vec<&str> =
            whole.iter().enumerate().filter(|(n, _)| *n != missing).flat_map(|(_, pair)| *pair).collect();
        let said = said(&rest).unwrap_err();
        assert!(said.contains(&format!("but {} (IRS_S3_", whole[missing][0])) && !said.contains("secret1"), "{said}");
    }
    for (more, named) in [
        (["--s3-region", "cn-hangzhou"].as_slice(), "--s3-region (IRS_S3_REGION) is set, but --s3-bucket"),
        (&["--s3-virtual-host"], "--s3-virtual-host (IRS_S3_VIRTUAL_HOST) is set, but --s3-bucket"),
    ] {
        assert!(said(more).unwrap_err().starts_with(named));
    }
    for (n, value) in [(0, "secret1/irs"), (1, "https://secret1:secret2@s3.example.gov.cn"), (2, "secret1\nsecret2")] {
        let mut wrong = whole;
        wrong[n][1] = value;
        let said = said(wrong.as_flattened()).unwrap_err();
        assert!(said.starts_with(whole[n][0]) && !said.contains("secret1") && !said.contains("secret2"), "{said}");
    }
}
