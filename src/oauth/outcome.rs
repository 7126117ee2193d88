//! How a consent went, in words for the seller, Russian and English: what happened and what to do.

use super::record::OtherSeller;
use crate::aliexpress::{CallError, Class};
use crate::domain::ShopId;

/// How a consent went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The shop has its tokens and sends with them.
    Stored {
        /// Whose.
        shop: ShopId,
        /// The seller's name, as far as it is known.
        seller: String,
    },
    /// The tokens wait: another seller consented before.
    Doubtful {
        /// Whose.
        shop: ShopId,
        /// Who and who.
        sellers: OtherSeller,
    },
    /// There are no tokens.
    Failed(Failure),
}

/// Why a consent gave no tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The seller said no, or AliExpress did.
    Denied,
    /// The link was used before, is too old, or nobody made it.
    LinkInvalid,
    /// AliExpress does not take the code: it is too old or was used before.
    CodeRefused,
    /// AliExpress does not know the application, or does not let it ask for consents.
    ApplicationRefused(String),
    /// The application's secret is wrong.
    SecretWrong,
    /// This machine's clock is wrong.
    ClockWrong,
    /// AliExpress has not moved the seller's account to the new platform yet.
    NotMigrated,
    /// AliExpress does not answer, or not now.
    AliExpressAway,
    /// The gateway's store does not answer.
    StoreAway,
    /// AliExpress refuses for a reason that is not documented.
    Other(String),
}

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Failure {
    /// What a failed exchange means.
    pub(super) fn of(error: &CallError) -> Self {
        match error.code() {
            "InvalidCode" => Failure::CodeRefused,
            "IncompleteSignature" => Failure::SecretWrong,
            "IllegalTimestamp" | "InvalidTimestamp" => Failure::ClockWrong,
            "isv.account-migration-check-fail" => Failure::NotMigrated,
            code @ ("InvalidAppkey"
            | "InvalidAppKey"
            | "isv.appkey-not-exists"
            | "AUTH_TYPE_UNSUPPORTED"
            | "isv.402") => Failure::ApplicationRefused(code.to_owned()),
            code => match error.class() {
                // Without an answer the code may have been used: another link gives another code.
                Class::Unknown | Class::Transient | Class::Throttled { .. } => Failure::AliExpressAway,
                _ => Failure::Other(code.to_owned()),
            },
        }
    }

    /// A stable code.
    pub fn code(&self) -> &str {
        match self {
            Failure::Denied => "denied",
            Failure::LinkInvalid => "link_invalid",
            Failure::CodeRefused => "code_refused",
            Failure::ApplicationRefused(_) => "application_refused",
            Failure::SecretWrong => "secret_wrong",
            Failure::ClockWrong => "clock_wrong",
            Failure::NotMigrated => "not_migrated",
            Failure::AliExpressAway => "aliexpress_away",
            Failure::StoreAway => "store_away",
            Failure::Other(_) => "refused",
        }
    }

    fn words(&self, language: Language) -> String {
        let pair: (String, String) = match self {
            Failure::Denied => ("AliExpress сообщает, что доступ не разрешён. Откройте ссылку ещё раз и подтвердите доступ.".into(),
                "AliExpress says that access was not granted. Open the link again and confirm.".into()),
            Failure::LinkInvalid => ("Ссылка устарела или уже использована. Запросите новую ссылку и откройте её.".into(),
                "The link is too old or was used before. Ask for a new link and open that one.".into()),
            Failure::CodeRefused => ("AliExpress не принял код: он живёт три минуты и действует один раз. Запросите новую ссылку и подтвердите доступ без паузы.".into(),
                "AliExpress did not take the code: it lives for three minutes and serves once. Ask for a new link and confirm without a pause.".into()),
            Failure::ApplicationRefused(code) => (format!("AliExpress не принимает приложение ({code}). Проверьте app_key и что приложению в консоли AliExpress разрешён доступ продавцов."),
                format!("AliExpress refuses the application ({code}). Check app_key, and that the application may ask sellers for access in AliExpress's console.")),
            Failure::SecretWrong => ("AliExpress не принял подпись приложения. Проверьте app_secret в настройках шлюза и запросите новую ссылку.".into(),
                "AliExpress did not take the application's signature. Check app_secret in the gateway's configuration and ask for a new link.".into()),
            Failure::ClockWrong => ("Часы сервера шлюза неверны. Включите синхронизацию времени (NTP) и запросите новую ссылку.".into(),
                "The clock of the gateway's machine is wrong. Set up NTP and ask for a new link.".into()),
            Failure::NotMigrated => ("AliExpress ещё не перенёс аккаунт продавца на новую платформу. Обратитесь в поддержку AliExpress, затем запросите новую ссылку.".into(),
                "AliExpress has not moved the seller's account to the new platform yet. Ask AliExpress's support, then ask for a new link.".into()),
            Failure::AliExpressAway => ("AliExpress не ответил. Через несколько минут запросите новую ссылку и откройте её.".into(),
                "AliExpress did not answer. Ask for a new link in a few minutes and open that one.".into()),
            Failure::StoreAway => ("Шлюз сейчас не может сохранить доступ. Через несколько минут запросите новую ссылку и откройте её.".into(),
                "The gateway cannot keep the access now. Ask for a new link in a few minutes and open that one.".into()),
            Failure::Other(code) => (format!("AliExpress отказал ({code}). Запросите новую ссылку; если отказ повторится, сообщите этот код в поддержку."),
                format!("AliExpress refuses ({code}). Ask for a new link; if it refuses again, give this code to the support.")),
        };
        of(language, pair)
    }
}

impl Outcome {
    /// A stable code.
    pub fn code(&self) -> &str {
        match self {
            Outcome::Stored { .. } => "stored",
            Outcome::Doubtful { .. } => "other_seller",
            Outcome::Failed(failure) => failure.code(),
        }
    }

    /// What happened, in a few words.
    pub fn title(&self, language: Language) -> String {
        let pair = match self {
            Outcome::Stored { .. } => ("Доступ получен", "Access granted"),
            Outcome::Doubtful { .. } => ("Нужно подтверждение", "A confirmation is needed"),
            Outcome::Failed(_) => ("Доступ не получен", "No access was granted"),
        };
        of(language, (pair.0.to_owned(), pair.1.to_owned()))
    }

    /// What it means and what to do.
    pub fn words(&self, language: Language) -> String {
        match self {
            Outcome::Stored { shop, seller } => {
                let of_seller = if seller.is_empty() { String::new() } else { format!(" ({seller})") };
                of(
                    language,
                    (
                        format!("Магазин {shop} подключён к AliExpress{of_seller}. Это окно можно закрыть."),
                        format!("The shop {shop} is connected to AliExpress{of_seller}. You may close this window."),
                    ),
                )
            }
            Outcome::Doubtful { shop, sellers: OtherSeller { first, second } } => of(
                language,
                (
                    format!(
                        "Магазин {shop} уже подключён к продавцу {first}, а доступ дал продавец {second}. Пока это не подтверждено, работает прежний доступ. Если так и задумано, выполните: aligate authorize --shop {shop} --confirm {second}. Если нет, откройте новую ссылку под прежним аккаунтом."
                    ),
                    format!(
                        "The shop {shop} is connected to seller {first}, and seller {second} consented now. Until somebody confirms that, the access before goes on. If it is meant so, run: aligate authorize --shop {shop} --confirm {second}. If not, open a new link with the account before."
                    ),
                ),
            ),
            Outcome::Failed(failure) => failure.words(language),
        }
    }
}

fn of(language: Language, (ru, en): (String, String)) -> String {
    match language {
        Language::Ru => ru,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliexpress::Refusal;

    #[test]
    fn every_documented_error_has_its_words() {
        let refused = |code, sub_code| CallError::Refused(Refusal::new(code, "", sub_code, ""));
        let rows = [
            (refused("InvalidCode", ""), "code_refused"),
            (refused("InvalidAppkey", ""), "application_refused"),
            (refused("InvalidAppKey", ""), "application_refused"),
            (refused("AUTH_TYPE_UNSUPPORTED", ""), "application_refused"),
            (refused("isv.402", ""), "application_refused"),
            (refused("IncompleteSignature", ""), "secret_wrong"),
            (refused("IllegalTimestamp", ""), "clock_wrong"),
            (refused("15", "isv.account-migration-check-fail"), "not_migrated"),
            (refused("ServiceUnavailable", ""), "aliexpress_away"),
            (refused("AppCallLimit", ""), "aliexpress_away"),
            (CallError::not_made("refused"), "aliexpress_away"),
            (CallError::NoAnswer { detail: String::new(), harmless: false }, "aliexpress_away"),
            (refused("MissingParameter", ""), "refused"),
        ];
        for (error, code) in rows {
            let outcome = Outcome::Failed(Failure::of(&error));
            assert_eq!(outcome.code(), code, "{error}");
            assert_ne!(outcome.words(Language::Ru), outcome.words(Language::En));
        }
    }
}
