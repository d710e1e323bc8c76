//! The words that say something of the words around them.

use super::words::Role;

/// Folded words by role.
pub(super) const ROLES: [(Role, &str); 13] = [
    (
        Role::Title,
        "dr mr mrs ms miss prof professor doctor herr herrn frau mme mlle monsieur madame dott dra sra srta senor \
         senora signor signora mevrouw meneer dhr mevr",
    ),
    (
        Role::By,
        "by tech technologist operator signed init initials inits attn attention attending radiologist physician \
         surgeon resident fellow provider nurse rn dictated transcribed von durch par reader interpreter \
         sonographer radiographer mta referrer",
    ),
    (
        Role::Person,
        "for from patient patients pt pts name names named ref refer referred referring surname lastname firstname \
         mother father wife husband son daughter spouse brother sister co cc contact guardian fur pour para patientin \
         paciente paziente",
    ),
    (
        Role::Id,
        "mrn ssn acc accession dob phone telephone tel fax mobile cell pager nhs nhi hcn mpi pid npi acct account \
         policy licence license insurance medicare medicaid patientid patid studyid born geboren ne nacido passport ehr emr",
    ),
    (
        Role::Numbered,
        "id room rm bed zip case no nr number num serial sn file chart suite ste apt ext extension unit ward box",
    ),
    (Role::At, "at near in"),
    (
        Role::Place,
        "hospital hosp hospitals clinic clinics klinik klinikum krankenhaus hopital clinique ospedale hospitalet \
         ziekenhuis universitatsklinikum center centre university universitat universite institute institut infirmary \
         sanatorium praxis polyclinic hospice",
    ),
    (
        Role::Month,
        "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october \
         nov november dec december januar jaenner februar maerz marz mai juni juli okt oktober dez dezember janvier \
         fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio \
         julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre \
         ottobre dicembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro januari februari \
         maart mei augustus \
         января январь февраля февраль марта март апреля апрель мая май июня июнь июля июль августа август \
         сентября сентябрь октября октябрь ноября ноябрь декабря декабрь stycznia styczen lutego luty marca \
         marzec kwietnia kwiecien maja czerwca czerwiec lipca lipiec sierpnia sierpien wrzesnia wrzesien \
         pazdziernika pazdziernik listopada listopad grudnia grudzien ledna leden unora unor brezna brezen \
         dubna duben kvetna kveten cervna cerven cervence cervenec srpna srpen zari rijna rijen listopadu \
         prosince prosinec ocak subat nisan mayis haziran temmuz agustos eylul ekim kasim aralik januar \
         februari mars maj juni juli augusti oktober desember ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου \
         ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου ianuarie februarie martie \
         aprilie iunie iulie septembrie octombrie noiembrie decembrie januara tammikuuta helmikuuta \
         maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta lokakuuta marraskuuta \
         joulukuuta marcius majus junius julius augusztus szeptember",
    ),
    (
        Role::Weekday,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri montag dienstag \
         mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes \
         miercoles jueves viernes sabado domingo edt est cst cdt pst pdt utc gmt cet cest",
    ),
    (Role::On, "on since dated date seen until vom am du del"),
    (Role::Age, "age aged alter edad eta idade"),
    (Role::Degree, "md phd frcr facr frcpc mbbs facs bsn dnp"),
    (
        Role::Named,
        "disease diseases syndrome syndromes cyst cysts palsy sign view views position lesion lesions fracture \
         fractures lymphoma tumor tumour tumors sarcoma esophagus oesophagus procedure duct tube score scores method \
         phenomenon contracture stricture ulcer gangrene chorea dementia body bodies paralysis classification grade \
         grading type category deformity arthropathy disorder esophagitis diverticulum maneuver test reflex line node \
         nodes ring tendon ligament canal area foramen units criteria anomaly malformation operation fundoplication \
         repair pouch catheter thyroiditis arteritis granulomatosis angle hernia neuroma nodule nodules scan scale \
         index macroglobulinemia glands gland thalassemia cells muscle nephropathy encephalopathy shunt amputation \
         dialysis jejunostomy wire wires rods reservoir circulation portoenterostomy chiari hodgkin hodgkins danlos barr carinii prosthesis bag",
    ),
];
