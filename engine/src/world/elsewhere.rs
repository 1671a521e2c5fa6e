//! A second place of the same kind, where a backup comes back.

use super::{On, World, address, address_of, folder, postgres, workshop};
use crate::{Database, Engine, Entropy, Files, Workshop};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// A place without a database's tables and without files.
pub(crate) struct Elsewhere {
    on: On,
    place: String,
}

impl World {
    /// The database's address.
    pub(crate) fn address(&self) -> String {
        address_of(self.on, &self.place)
    }

    /// A folder of this world that is not there yet.
    pub(crate) fn new_folder(&self, name: &str) -> PathBuf {
        folder(&self.place).join(name)
    }

    /// The same world with its files in one folder and its work in another; only one of both is ended.
    pub(crate) async fn in_folders(&self, files: &Path, work: &Path, set: impl FnOnce(&mut Workshop)) -> Self {
        let db = Database::open(&self.address()).await.expect("the database opens");
        let (files, clock) = (Files::local(files).expect("a folder"), self.clock.clone());
        let entropy = Entropy::Seeded(Arc::new(AtomicU64::new(3_000_000)));
        let mut workshop = Workshop { work: work.to_owned(), ..workshop(&self.place) };
        set(&mut workshop);
        let engine = Engine::open_with(db, files, clock.clone(), entropy, true, workshop).await;
        Self { engine: engine.expect("the engine opens"), clock, on: self.on, place: self.place.clone() }
    }

    /// Where its files are.
    pub(crate) fn files_folder(&self) -> PathBuf {
        folder(&self.place).join("files")
    }

    /// The same world as a server sees it that knows where it is, and builds nothing; only one of both is ended.
    pub(crate) async fn in_its_place(&self) -> World {
        let data = folder(&self.place);
        let place = crate::Place {
            backups: data.join("backups"),
            daily: None,
            data,
            database: self.address(),
            bucket: false,
            public_url: None,
            file: None,
            settings: Vec::new(),
        };
        let engine = self.another_engine(true).await.expect("the engine opens").with_workshop(|workshop| {
            workshop.builds = 0;
            workshop.place = Some(place);
        });
        World { engine, clock: self.clock.clone(), on: self.on, place: self.place.clone() }
    }

    /// Another place of this kind, empty.
    pub(crate) async fn elsewhere(&self) -> Elsewhere {
        let place = format!("irs_{}", uuid::Uuid::from_bytes(Entropy::System.bytes()).simple());
        address(self.on, &place).await;
        std::fs::create_dir_all(folder(&place)).expect("a folder");
        Elsewhere { on: self.on, place }
    }
}

impl Elsewhere {
    /// The database's address.
    pub(crate) fn address(&self) -> String {
        address_of(self.on, &self.place)
    }

    /// Where its files are.
    pub(crate) fn files(&self) -> Files {
        Files::local(&folder(&self.place).join("files")).expect("a folder")
    }

    /// The world that came back, in the time of the other.
    pub(crate) async fn opens(self, of: &World) -> World {
        let files = self.files();
        self.opens_with(of, files).await
    }

    /// The same with its files elsewhere.
    pub(crate) async fn opens_with(self, of: &World, files: Files) -> World {
        let db = Database::open(&self.address()).await.expect("the database opens");
        let (entropy, clock) = (Entropy::Seeded(Arc::new(AtomicU64::new(2_000_000))), of.clock.clone());
        let engine = Engine::open_with(db, files, clock.clone(), entropy, true, workshop(&self.place)).await;
        World { engine: engine.expect("the engine opens"), clock, on: self.on, place: self.place }
    }

    /// Nothing of it stays.
    pub(crate) async fn goes(self) {
        std::fs::remove_dir_all(folder(&self.place)).expect("the folder goes");
        if matches!(self.on, On::Postgres) {
            postgres(&format!("DROP DATABASE {} WITH (FORCE)", self.place)).await;
        }
    }
}
