//! The calls into the form engine, all in one place.

use crate::adapters::Submission;
use crate::catalogue::PublishedService;
use crate::forms;
use crate::model::answers::{Answer, Answers};
use crate::model::application::{ApplicationId, Draft};
use crate::model::form::Form;

/// An application as an adapter needs it.
pub(super) fn submission(id: &ApplicationId, draft: &Draft, form: Form) -> Submission {
    // What is wrong with the form itself was said when it was published.
    let (model, _) = forms::compile(&form);
    Submission {
        id: id.clone(),
        service: draft.service.service.clone(),
        answers: forms::canonical(&model, &draft.answers),
        form,
        completes: draft.completes.clone(),
    }
}

/// Answers as they were entered, but for files, which go with their draft.
pub(super) fn without_files(answers: &Answers) -> Answers {
    let kept = answers
        .0
        .iter()
        .filter(|(_, answer)| !matches!(answer, Answer::Files(_)));
    Answers(kept.map(|(field, answer)| (field.clone(), answer.clone())).collect())
}

/// The form that a draft's answers were given to, out of the published one and, where the backend
/// was asked, its own.
///
/// # Errors
/// The form to be filled in instead, with its fingerprint.
///
/// The backend's own form counts for more than what was once published of it: a citizen who was
/// shown it by `form changed` answers to it, whatever is still published. `strict` is off where
/// nothing is going to be sent: then the answers are taken as given to the published form.
pub(super) fn answered(
    draft: &Draft,
    published: &PublishedService,
    theirs: Option<&Form>,
    strict: bool,
) -> Result<Form, (Form, String)> {
    if let Some(form) = theirs {
        let fingerprint = forms::fingerprint(form);
        if draft.form == fingerprint {
            return Ok(form.clone());
        }
        if strict && published.upstream.as_ref() != Some(&fingerprint) {
            return Err((form.clone(), fingerprint));
        }
    }
    let form = published.service.form.clone().unwrap_or_default();
    if strict && draft.form != published.fingerprint {
        return Err((form, published.fingerprint.clone()));
    }
    Ok(form)
}
