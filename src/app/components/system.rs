//! A system's name, wherever it is said who is asked.

use super::loading::Loaded;
use crate::app::messages as m;
use crate::catalogue::PublishedRegion;
use crate::model::region::BackendId;

/// The system's name with its region's, as far as they are known.
pub fn system_name(region: &Loaded<PublishedRegion>, id: &BackendId) -> String {
    match region {
        Loaded::Here(region) => {
            let backend = region.backends.iter().find(|backend| backend.id == id.backend);
            let name = backend.map_or(id.backend.as_str(), |backend| backend.name.get(m::language()));
            [name, region.name.as_str()].join(", ")
        }
        _ => id.to_string(),
    }
}
