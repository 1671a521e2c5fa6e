//! `irs`: what vendors run on their machines and in their CI: the checks offline, uploading, waiting, submitting. It speaks the
//! integration API (docs/openapi.json) and nothing else.
//!
//! Start reading at [`run`]. Exit codes: 0, all is well; 1, the package or the version does not pass; 2, it could not be done.

mod check;
mod client;
mod deploy;
mod kept;
mod pack;
mod sarif;
mod say;
mod show;
mod unfinished;

use clap::{Args, Parser, Subcommand};
use client::Client;
use kept::Kept;
use std::path::PathBuf;
use std::process::ExitCode;
use thiserror::Error;

/// 应用发布的命令行程序：在本机检查程序包，上传，等待结果，提交验收。
#[derive(Parser)]
#[command(name = "irs", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    site: Site,
    /// 输出 JSON，供程序读取
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// 连接到哪里；不写则用 `irs login` 保存的
#[derive(Args)]
struct Site {
    /// 平台地址，例如 https://fabu.example.gov.cn
    #[arg(long, global = true, env = "IRS_ADDRESS")]
    address: Option<String>,
    /// API 令牌；在流水线里放进保密变量 IRS_TOKEN
    #[arg(long, global = true, env = "IRS_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// 保存登录信息的文件
    #[arg(long, global = true, env = "IRS_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// 保存平台地址和令牌（令牌从标准输入读取），并取回平台的检测规则
    Login,
    /// 在本机检查程序包，不上传；不需要登录
    Check(check::Asked),
    /// 上传程序包，成为一个版本
    Deploy(deploy::Asked),
    /// 应用和一个版本现在怎样
    Status(show::Which),
    /// 一个版本的日志
    Logs(show::Logs),
    /// 提交验收
    Submit(show::Which),
    /// 配置完成：版本上线
    Configure(show::Which),
}

/// Why it could not be done. Each is a sentence with the remedy.
#[derive(Debug, Error)]
enum Failure {
    #[error("{0}")]
    Said(String),
    #[error("读写 {path} 失败：{cause}")]
    File { path: String, cause: std::io::Error },
    #[error("连接不上 {address}：{cause}。请检查网络和 --address")]
    Network { address: String, cause: String },
}

/// All is well, or the package or the version does not pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    NotPassed,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::NotPassed) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("irs: {failure}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<Outcome, Failure> {
    let Cli { site, json, command } = cli;
    let file = kept::file(site.config)?;
    if let Command::Check(asked) = command {
        return check::run(&asked, &Kept::read(&file)?, json);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Said(format!("程序无法启动：{error}")))?;
    runtime.block_on(async {
        let mut kept = Kept::read(&file)?;
        // A kept token is for the kept address alone.
        let same = site.address.is_none() || site.address == kept.address;
        kept.token = site.token.or(kept.token.filter(|_| same && !matches!(command, Command::Login)));
        kept.address = site.address.or(kept.address);
        if let Command::Login = command {
            return kept::login(&file, kept).await;
        }
        let client = Client::of(&kept)?;
        match command {
            Command::Deploy(asked) => deploy::run(&client, &asked, (&file, &kept), json).await,
            Command::Status(which) => show::status(&client, &which, json).await,
            Command::Logs(logs) => show::logs(&client, &logs).await,
            Command::Submit(which) => show::act(&client, &which, "submit", json).await,
            Command::Configure(which) => show::act(&client, &which, "complete-configuration", json).await,
            Command::Login | Command::Check(_) => Ok(Outcome::Passed),
        }
    })
}
