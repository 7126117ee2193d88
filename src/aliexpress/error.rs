//! What a failure of AliExpress means, in one table: [`classify`]. Everything else asks [`CallError::class`].

use std::sync::LazyLock;
use std::time::Duration;

use regex_lite::Regex;

/// What a failure means for whoever made the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Too many requests; what is named is banned for a while.
    Throttled {
        /// What is banned.
        scope: Scope,
        /// For how long.
        retry_after: Duration,
    },
    /// The product cannot be changed now (audit).
    NotNow,
    /// It failed on AliExpress's side or on the way, without effect: the same call may succeed later.
    Transient,
    /// The access token is refused.
    Unauthorized,
    /// Refused for good: the same call will never succeed.
    Rejected,
    /// The call may have had its effect or not.
    Unknown,
}

impl Class {
    /// The class's name in metrics and logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Class::Throttled { .. } => "throttled",
            Class::NotNow => "not_now",
            Class::Transient => "transient",
            Class::Unauthorized => "unauthorized",
            Class::Rejected => "rejected",
            Class::Unknown => "unknown",
        }
    }
}

/// What a ban is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every call of the application.
    App,
    /// Calls of this method.
    Method,
}

/// AliExpress's refusal: of a call, or of one product in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code that tells most: the business code where there is one, else the gateway's.
    pub code: String,
    /// AliExpress's words, at most 300 characters.
    pub message: String,
    /// What it means.
    pub class: Class,
}

/// The longest message that is kept.
const MESSAGE_CHARS_MAX: usize = 300;
/// A ban that names no seconds.
const BAN_DEFAULT: Duration = Duration::from_secs(2);
/// The longest ban that is believed: a day.
const BAN_SECS_MAX: u64 = 86_400;

impl Refusal {
    /// A refusal by the codes and words of an answer; `sub_code` is empty where there is none.
    pub fn new(code: &str, message: &str, sub_code: &str, sub_message: &str) -> Self {
        let class = classify(code, message, sub_code, sub_message);
        let telling = if sub_code.is_empty() { (code, message) } else { (sub_code, sub_message) };
        let words = if telling.1.is_empty() { message } else { telling.1 };
        Self {
            code: telling.0.chars().take(100).collect(),
            message: words.chars().filter(|c| !c.is_control()).take(MESSAGE_CHARS_MAX).collect(),
            class,
        }
    }

    /// The product, or a SKU of it, is unknown to AliExpress: the directory of listings is behind.
    pub fn says_unknown_sku_or_product(&self) -> bool {
        matches!(self.code.as_str(), "F00-00-10001-002" | "F00-00-10014-015" | "F00-00-10007-024" | "090014")
    }

    /// The application or the way it calls is at fault, not what it sends: no entry may be blamed for it.
    fn blames_application(&self) -> bool {
        const CODES: [&str; 25] = [
            "IncompleteSignature",
            "InvalidAppkey",
            "InvalidAppKey",
            "InvalidApiPath",
            "InvalidMethod",
            "UnsupportedParamMapping",
            "InsufficientPermission",
            "AUTH_TYPE_UNSUPPORTED",
            "InvalidTimestamp",
            "IllegalTimestamp",
            "isv.insufficient-permission",
            "isv.permission-api-package-limit",
            "isv.appkey-not-exists",
            "isv.account-migration-check-fail",
            "11",
            "12",
            "13",
            "21",
            "22",
            "24",
            "25",
            "28",
            "29",
            "30",
            "31",
        ];
        CODES.contains(&self.code.as_str())
    }
}

/// Why AliExpress takes no declaration of a parcel, where what it means depends on what it has of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FulfilRefusal {
    /// A shipment was declared for the order already.
    AlreadyDeclared,
    /// The tracking number is refused.
    NumberInvalid,
    /// The order is not the seller's.
    WrongOrder,
    /// The order is in no state in which it can be sent.
    WrongState,
}

impl FulfilRefusal {
    /// The refusal that an error of `order.fulfill` is, by its words: all of them have one code. None: it failed for another reason.
    pub fn of(error: &CallError) -> Option<Self> {
        let CallError::Refused(refusal) = error else { return None };
        if refusal.class != Class::Rejected || error.blames_application() {
            return None;
        }
        let says = |words: &[&str]| words.iter().any(|words| refusal.message.contains(words));
        Some(match () {
            () if says(&["已填写发货通知", "already declared"]) => Self::AlreadyDeclared,
            () if says(&["货运跟踪号", "tracking number"]) => Self::NumberInvalid,
            () if says(&["订单号有误", "不属于当前账号"]) => Self::WrongOrder,
            // Also whatever is not known: the order is read again, and its state decides.
            () => Self::WrongState,
        })
    }
}

/// Why a call has no answer to use.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// Nothing was sent.
    #[error("AliExpress cannot be reached: {detail}")]
    NotMade {
        /// Why.
        detail: String,
    },
    /// The call was made; no answer that can be read came back.
    #[error("AliExpress gave no answer that can be read: {detail}")]
    NoAnswer {
        /// What came instead.
        detail: String,
        /// The call changes nothing, so that its loss has no effect.
        harmless: bool,
    },
    /// AliExpress refused the call.
    #[error("AliExpress refuses: {} ({})", .0.message, .0.code)]
    Refused(Refusal),
}

impl CallError {
    /// Nothing was sent, because of this.
    pub fn not_made(detail: impl Into<String>) -> Self {
        CallError::NotMade { detail: detail.into() }
    }

    /// What it means.
    pub fn class(&self) -> Class {
        match self {
            CallError::NotMade { .. } | CallError::NoAnswer { harmless: true, .. } => Class::Transient,
            CallError::NoAnswer { harmless: false, .. } => Class::Unknown,
            CallError::Refused(refusal) => refusal.class,
        }
    }

    /// A code to group by.
    pub fn code(&self) -> &str {
        match self {
            CallError::NotMade { .. } => "not_reached",
            CallError::NoAnswer { .. } => "no_answer",
            CallError::Refused(refusal) => &refusal.code,
        }
    }

    /// The application or the way it calls is at fault, not what it sends.
    pub fn blames_application(&self) -> bool {
        matches!(self, CallError::Refused(refusal) if refusal.blames_application())
    }
}

/// What an error of AliExpress means: the first line that fits decides.
pub fn classify(code: &str, message: &str, sub_code: &str, sub_message: &str) -> Class {
    let (words, codes) = (format!("{message} {sub_message}").to_lowercase(), [code, sub_code]);
    let is = |known: &[&str]| codes.iter().any(|code| known.contains(code));
    let starts = |prefix: &str| codes.iter().any(|code| code.to_lowercase().starts_with(prefix));
    if let Some(scope) = throttled(code, sub_code, &words) {
        return Class::Throttled { scope, retry_after: ban(&words) };
    }
    if is(&["IllegalAccessToken", "26", "27", "session-expired", "session-is-blank", "isv.invalid-authorization"])
        || starts("sessionkey-")
    {
        return Class::Unauthorized;
    }
    if is(&["PRODUCT_IN_AUDIT_PENDING"]) || words.contains("product_in_audit_pending") {
        return Class::NotNow;
    }
    // Posting failed behind the service that answers: the nested code says whether that is for good.
    if is(&["F00-00-10020-004"]) && FOR_GOOD.iter().any(|nested| words.contains(nested)) {
        return Class::Rejected;
    }
    let later = ["try again later", "try later", "retry later", "请稍候重试", "请稍后重试"];
    if is(&TRANSIENT) || starts("isp.") || starts("thd_ic_f_ic_infra") || starts("api_call_uic_") {
        return Class::Transient;
    }
    if later.iter().any(|later| words.contains(later)) {
        return Class::Transient;
    }
    Class::Rejected
}

/// Codes nested in the words of a failed posting that no repetition mends.
const FOR_GOOD: [&str; 5] = ["040003", "chk_category_id_not_leaf_category", "000003", "150008", "7090001"];

/// Codes of failures on AliExpress's side, of which it says that nothing was done.
const TRANSIENT: [&str; 20] = [
    "3",
    "10",
    "ServiceUnavailable",
    "InternalError",
    "UnknownRuntimeException",
    "ServiceTimeout",
    "F00-00-10009-002",
    "F00-00-10014-017",
    "F00-00-10014-018",
    "F00-10-10000-001",
    "250004",
    "7250004",
    "250015",
    "13250015",
    "-99999",
    "SYS_ERROR",
    "10006008",
    "16009999",
    "24000011",
    "F00-00-10020-004",
];

fn throttled(code: &str, sub_code: &str, words: &str) -> Option<Scope> {
    if sub_code.starts_with("accesscontrol.") {
        let method = sub_code.contains("-api-access-count");
        return Some(if method { Scope::Method } else { Scope::App });
    }
    match code {
        "ApiCallLimit" | "ApiCallLimits" | "AppApiCallLimit" => Some(Scope::Method),
        "AppCallLimit" | "4" | "5" | "6" | "7" | "8" => Some(Scope::App),
        _ => {
            // Variants that no document names: the code speaks of a limit of calls, or the words of a frequency.
            let code = code.to_lowercase();
            let limit = code.contains("limit") && code.contains("call");
            (limit || words.contains("frequency") && words.contains("exceed")).then_some(Scope::Method)
        }
    }
}

fn ban(words: &str) -> Duration {
    static SECONDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"last(?:s)?(?: for)? (\d+)(?: more)? seconds?").expect("the pattern is one"));
    let seconds = SECONDS.captures(words).and_then(|found| found[1].parse::<u64>().ok());
    seconds.map_or(BAN_DEFAULT, |seconds| Duration::from_secs(seconds.clamp(1, BAN_SECS_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttled(scope: Scope, secs: u64) -> Class {
        Class::Throttled { scope, retry_after: Duration::from_secs(secs) }
    }

    #[test]
    fn flow_control_and_tokens_have_their_class() {
        let rows = [
            // Flow control, old and new, with and without seconds.
            (
                (
                    "7",
                    "App Call Limited",
                    "accesscontrol.limited-by-app-access-count",
                    "This ban will last for 31062 more seconds",
                ),
                throttled(Scope::App, 31_062),
            ),
            (
                (
                    "7",
                    "App Call Limited",
                    "accesscontrol.limited-by-api-access-count",
                    "This ban will last for 1 more seconds",
                ),
                throttled(Scope::Method, 1),
            ),
            (
                (
                    "7",
                    "App Call Limited",
                    "accesscontrol.limited-by-app-api-access-count",
                    "This ban will last for 2 more seconds",
                ),
                throttled(Scope::Method, 2),
            ),
            (
                ("ApiCallLimit", "Api access frequency exceeds the limit. this ban will last 1 seconds", "", ""),
                throttled(Scope::Method, 1),
            ),
            (
                (
                    "AppApiCallLimit",
                    "The frequency of app access to the api exceeds the limit. This ban will last 5 seconds",
                    "",
                    "",
                ),
                throttled(Scope::Method, 5),
            ),
            (("AppCallLimit", "", "", ""), throttled(Scope::App, 2)),
            (("ApiCallLimits", "", "", ""), throttled(Scope::Method, 2)),
            (("8", "App call exceeds frequency", "", ""), throttled(Scope::App, 2)),
            (("SellerCallLimitReached", "", "", ""), throttled(Scope::Method, 2)),
            (("AppCallLimit", "This ban will last 99999999999 seconds", "", ""), throttled(Scope::App, 86_400)),
            // Tokens.
            (("IllegalAccessToken", "The specified access token is invalid or expired", "", ""), Class::Unauthorized),
            (("27", "Invalid Session", "session-expired", ""), Class::Unauthorized),
            (("27", "Invalid Session", "sessionkey-not-generated-by-server", ""), Class::Unauthorized),
            (("26", "Missing Session", "", ""), Class::Unauthorized),
        ];
        check(&rows);
    }

    #[test]
    fn what_is_not_flow_control_nor_a_token_has_its_class_too() {
        let remote =
            |sub_code: &'static str, sub_message: &'static str| ("15", "Remote service error", sub_code, sub_message);
        let rows = [
            // AliExpress's own failures.
            (("10", "Service Currently Unavailable", "", ""), Class::Transient),
            (("ServiceUnavailable", "", "", ""), Class::Transient),
            (("InternalError", "", "", ""), Class::Transient),
            (remote("isp.50001", "server error"), Class::Transient),
            (remote("isp.top-remote-connection-timeout", ""), Class::Transient),
            (remote("-999", "系统异常,请稍候重试"), Class::Transient),
            (remote("F00-10-10000-001", "system error, please try again later"), Class::Transient),
            (remote("F00-00-10014-017", "downstream failed"), Class::Transient),
            (remote("THD_IC_F_IC_INFRA_SELLER_005", ""), Class::Transient),
            (remote("something-new", "Please try again later."), Class::Transient),
            // Locked by the audit.
            (remote("PRODUCT_IN_AUDIT_PENDING", ""), Class::NotNow),
            // The caller's fault.
            (remote("isv.invalid-parameter", ""), Class::Rejected),
            (remote("F00-00-10014-015", "sku_code must already existed"), Class::Rejected),
            (remote("F00-00-10001-002", "product does not exist"), Class::Rejected),
            (remote("PRODUCT_IN_LOCK_MODE", ""), Class::Rejected),
            // Publishing.
            (remote("F00-00-10020-004", "150008: max number of products"), Class::Rejected),
            (remote("F00-00-10020-004", "GPF.CHK_CATEGORY_ID_NOT_LEAF_CATEGORY"), Class::Rejected),
            (remote("F00-00-10020-004", "system error, retry later"), Class::Transient),
            (
                remote("F00-00-10020-002", "#/title_multi_language_list/0/title: expected maxLength: 128, actual: 130"),
                Class::Rejected,
            ),
            (remote("F00-00-10007-007", "duplicate sku_code, please check your input"), Class::Rejected),
            (remote("S00-10-10000-001", "7090001: title contains invalid characters"), Class::Rejected),
            (remote("7250004", "translation service failed"), Class::Transient),
            (("16009999", "system exception", "", ""), Class::Transient),
            (("10006008", "API_EXCEPTION:01202016", "", ""), Class::Transient),
            (("090015", "wrong status", "", ""), Class::Rejected),
            (("41", "Invalid Arguments", "isv.invalid-parameter", ""), Class::Rejected),
            (("IncompleteSignature", "The request signature does not conform", "", ""), Class::Rejected),
            (("InsufficientPermission", "", "", ""), Class::Rejected),
            (("SomethingNobodyDocumented", "", "", ""), Class::Rejected),
        ];
        check(&rows);
    }

    type Row = ((&'static str, &'static str, &'static str, &'static str), Class);

    fn check(rows: &[Row]) {
        for ((code, message, sub_code, sub_message), class) in rows {
            assert_eq!(classify(code, message, sub_code, sub_message), *class, "{code} {sub_code} {sub_message}");
        }
    }

    #[test]
    fn what_never_came_back_is_unknown_for_writes_and_harmless_for_reads() {
        assert_eq!(CallError::not_made("refused").class(), Class::Transient);
        assert_eq!(CallError::NoAnswer { detail: String::new(), harmless: false }.class(), Class::Unknown);
        assert_eq!(CallError::NoAnswer { detail: String::new(), harmless: true }.class(), Class::Transient);
    }

    #[test]
    fn refusals_of_a_shipment_are_told_apart_by_their_words() {
        let refusal = |words: &str| {
            let error = CallError::Refused(Refusal::new("15", "Remote service error", "-999", words));
            FulfilRefusal::of(&error)
        };
        assert_eq!(refusal("该交易订单已填写发货通知,请勿重复"), Some(FulfilRefusal::AlreadyDeclared));
        assert_eq!(refusal("该货运跟踪号未通过校验"), Some(FulfilRefusal::NumberInvalid));
        assert_eq!(refusal("您填写的交易订单号有误或不属于当前账号"), Some(FulfilRefusal::WrongOrder));
        assert_eq!(refusal("当前订单状态不允许"), Some(FulfilRefusal::WrongState));
        assert_eq!(refusal("系统异常,请稍候重试"), None, "later is later");
        assert_eq!(FulfilRefusal::of(&CallError::not_made("refused")), None);
    }

    #[test]
    fn the_applications_own_faults_blame_no_entry() {
        assert!(CallError::Refused(Refusal::new("IncompleteSignature", "", "", "")).blames_application());
        assert!(!CallError::Refused(Refusal::new("15", "", "isv.invalid-parameter", "")).blames_application());
        assert!(Refusal::new("15", "", "F00-00-10014-015", "").says_unknown_sku_or_product());
    }
}
