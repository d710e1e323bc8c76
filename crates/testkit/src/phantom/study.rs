//! A study: one patient, one visit to a scanner, its series and their instances.

use super::chest::Thorax;
use super::ct::Torso;
use super::mr::Head;
use super::{Patient, chest, ct, modules, mr};
use crate::{DataSet, Encoding, Object, Random};
use model::{Timestamp, Uid};

/// What the scanner is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Modality {
    /// A chest CT: 16-bit signed samples.
    Ct,
    /// A head MR: 12 bits stored in 16.
    Mr,
    /// A chest radiograph (DX): 14 bits stored in 16.
    Dx,
}

impl Modality {
    /// The code of attribute Modality (0008,0060).
    pub fn code(self) -> &'static str {
        match self {
            Self::Ct => "CT",
            Self::Mr => "MR",
            Self::Dx => "DX",
        }
    }

    /// The storage SOP class (PS3.4 B.5).
    pub fn sop_class(self) -> &'static str {
        match self {
            Self::Ct => "1.2.840.10008.5.1.4.1.1.2",
            Self::Mr => "1.2.840.10008.5.1.4.1.1.4",
            Self::Dx => "1.2.840.10008.5.1.4.1.1.1.1",
        }
    }
}

/// A study to be drawn. Equal values give equal bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Study {
    /// From which all that is invented follows: anatomy, noise, UIDs.
    pub seed: u64,
    /// Whose it is.
    pub patient: Patient,
    /// By which scanner it was taken.
    pub modality: Modality,
    /// How many series.
    pub series: u32,
    /// How many instances in a series: slices, or exposures.
    pub slices: u32,
    /// Rows and Columns.
    pub matrix: u16,
    /// When it was taken.
    pub taken: Timestamp,
}

/// One instance of a study, still open to changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instance {
    /// Its storage SOP class.
    pub sop_class: Uid,
    /// Its own UID.
    pub sop_instance: Uid,
    /// The UID of its series.
    pub series: Uid,
    /// The UID of its study.
    pub study: Uid,
    /// All attributes, pixel data with them.
    pub data_set: DataSet,
}

impl Instance {
    /// The instance in a native encoding.
    pub fn object(&self, encoding: Encoding) -> Object {
        Object {
            sop_class: self.sop_class.clone(),
            sop_instance: self.sop_instance.clone(),
            transfer_syntax: modules::uid(encoding.transfer_syntax()),
            data_set: self.data_set.encode(encoding),
        }
    }
}

impl Study {
    /// A study of the usual size: 40 slices of 512 x 512 (CT), 24 of 256 x 256 (MR), one exposure of 1024 x 1024 (DX).
    pub fn new(seed: u64, patient: Patient, modality: Modality, taken: Timestamp) -> Self {
        let (slices, matrix) = match modality {
            Modality::Ct => (40, 512),
            Modality::Mr => (24, 256),
            Modality::Dx => (1, 1024),
        };
        Self {
            seed,
            patient,
            modality,
            series: 1,
            slices,
            matrix,
            taken,
        }
    }

    /// The study's UID.
    pub fn uid(&self) -> Uid {
        self.random(&[1]).uid()
    }

    /// The instances, series by series, drawn one at a time.
    pub fn instances(&self) -> impl Iterator<Item = Instance> {
        let scene = match self.modality {
            Modality::Ct => Scene::Torso(Torso::new(&mut self.random(&[2]))),
            Modality::Mr => Scene::Head(Head::new(&mut self.random(&[2]))),
            Modality::Dx => Scene::Thorax(Thorax::new(&mut self.random(&[2]))),
        };
        (0..self.series)
            .flat_map(|series| (0..self.slices).map(move |slice| (series, slice)))
            .map(move |(series, slice)| self.instance(&scene, series, slice))
    }

    fn instance(&self, scene: &Scene, series: u32, slice: u32) -> Instance {
        let path = [u64::from(series), u64::from(slice)];
        let [series_number, number] = path;
        let mut noise = self.random(&[3, series_number, number]);
        let place = self.place(slice);
        let samples = match scene {
            Scene::Torso(torso) => torso.slice(self.matrix, place.z, &mut noise),
            Scene::Head(head) => head.slice(self.matrix, place.z, &mut noise),
            Scene::Thorax(thorax) => thorax.radiograph(self.matrix, &mut noise),
        };
        let uids = modules::Uids {
            study: self.uid(),
            series: self.random(&[4, series_number]).uid(),
            sop_instance: self.random(&[5, series_number, number]).uid(),
            frame_of_reference: self.random(&[6]).uid(),
        };
        let mut data_set = modules::of_instance(self, &uids, &place, series + 1, slice + 1);
        data_set.pixels(samples);
        Instance {
            sop_class: modules::uid(self.modality.sop_class()),
            sop_instance: uids.sop_instance,
            series: uids.series,
            study: uids.study,
            data_set,
        }
    }

    /// Slices lie evenly over the body, at most 5 mm apart, the middle one in its middle.
    fn place(&self, slice: u32) -> Place {
        let (field, middle, length) = match self.modality {
            Modality::Ct => (ct::FIELD, ct::MIDDLE, ct::LENGTH),
            Modality::Mr => (mr::FIELD, mr::MIDDLE, mr::LENGTH),
            Modality::Dx => (chest::FIELD, 0.0, 0.0),
        };
        // Micrometres, so that positions written as text are exactly as far apart as the spacing says.
        let step = ((length / self.slices.max(1) as f32).min(5.0) * 1000.0).round() / 1000.0;
        let z = middle + step * (slice as f32 - (self.slices as f32 - 1.0) / 2.0);
        Place {
            pixel: field / f32::from(self.matrix.max(1)),
            field,
            z,
            step,
        }
    }

    fn random(&self, path: &[u64]) -> Random {
        let own: Vec<u64> = [self.modality as u64]
            .into_iter()
            .chain(path.iter().copied())
            .collect();
        Random::new(self.seed, &own)
    }
}

/// Where a slice lies in the body, in millimetres.
pub(crate) struct Place {
    /// From one sample to the next.
    pub(crate) pixel: f32,
    /// Width of the picture.
    pub(crate) field: f32,
    /// Along the body: downwards for CT, upwards for MR.
    pub(crate) z: f32,
    /// From one slice to the next.
    pub(crate) step: f32,
}

enum Scene {
    Torso(Torso),
    Head(Head),
    Thorax(Thorax),
}
