//! Load: so many connections, each of which asks again as soon as it is answered.

use crate::Outcome;
use crate::client::Client;
use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What came of it: the median of several runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Half of the answers came within so many milliseconds.
    pub(crate) p50: f64,
    /// 99 of 100 did.
    pub(crate) p99: f64,
}

/// Who asks, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// The connections are dealt out to these in turn.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) cookie: Option<String>,
    /// In whose name, where that is not the address.
    pub(crate) host: Option<String>,
    pub(crate) connections: usize,
    pub(crate) seconds: u64,
    pub(crate) runs: usize,
}

impl Load {
    /// The connection with this number.
    pub(crate) async fn client(&self, n: usize) -> Outcome<Client> {
        let address = self.addresses.get(n % self.addresses.len().max(1)).ok_or("there is no address to ask")?;
        let client = Client::connect(*address, self.cookie.clone()).await?;
        Ok(match &self.host {
            Some(host) => client.in_name_of(host),
            None => client,
        })
    }

    /// Runs it. `ask` makes the next request of the connection with this number; it fails if the answer is not the right one.
    pub(crate) async fn run<S, A, F>(&self, state: impl Fn(usize) -> S, ask: A) -> Outcome<Measured>
    where
        S: Send + 'static,
        A: Fn(Client, S) -> F + Clone + Send + 'static,
        F: Future<Output = Outcome<(Client, S)>> + Send,
    {
        let mut people = Vec::new();
        for n in 0..self.connections {
            people.push((self.client(n).await?, state(n)));
        }
        let mut runs = Vec::new();
        // The first run only warms up.
        for run in 0..=self.runs {
            let seconds = if run == 0 { 1 } else { self.seconds };
            let (measured, back) = once(people, Duration::from_secs(seconds), ask.clone()).await?;
            people = back;
            if run > 0 {
                runs.push(measured);
            }
        }
        runs.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        runs.get(runs.len() / 2).copied().ok_or_else(|| "no runs".to_owned())
    }
}

async fn once<S, A, F>(people: Vec<(Client, S)>, time: Duration, ask: A) -> Outcome<(Measured, Vec<(Client, S)>)>
where
    S: Send + 'static,
    A: Fn(Client, S) -> F + Clone + Send + 'static,
    F: Future<Output = Outcome<(Client, S)>> + Send,
{
    let begun = Instant::now();
    let tasks: Vec<_> = people
        .into_iter()
        .map(|(mut client, mut state)| {
            let ask = ask.clone();
            tokio::spawn(async move {
                let mut took = Vec::new();
                while begun.elapsed() < time {
                    let asked = Instant::now();
                    (client, state) = ask(client, state).await?;
                    took.push(asked.elapsed());
                }
                Ok::<_, String>((client, state, took))
            })
        })
        .collect();
    let (mut all, mut back) = (Vec::new(), Vec::new());
    for task in tasks {
        let (client, state, took) = task.await.map_err(|e| e.to_string())??;
        all.extend(took);
        back.push((client, state));
    }
    let elapsed = begun.elapsed().as_secs_f64();
    all.sort_unstable();
    Ok((Measured { rate: all.len() as f64 / elapsed, p50: within(&all, 0.5), p99: within(&all, 0.99) }, back))
}

/// Within so many milliseconds this share of them came; they are sorted.
pub(crate) fn within(took: &[Duration], share: f64) -> f64 {
    let place = (share * took.len().saturating_sub(1) as f64) as usize;
    took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e3)
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
