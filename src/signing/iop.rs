//! AliExpress's Open Platform signature: `HEX(HMAC-SHA256(secret, [path] + name1value1name2value2…))`.
//!
//! Names sort in ASCII order; `sign` itself, empty names and empty values are left out; text is signed raw (UTF-8),
//! before any URL encoding; the hexadecimal digits are upper case. Business calls (`/sync`) sign no path, since the
//! method is a parameter; system calls (`/rest`) sign theirs, without `/rest`.

use super::{hmac_sha256, verify_hmac_sha256};

/// Signs a request's parameters with the application's secret. `path` is given for system calls only.
pub fn sign<N: AsRef<str>, V: AsRef<str>>(secret: &str, path: Option<&str>, params: &[(N, V)]) -> String {
    hex::encode_upper(hmac_sha256(secret.as_bytes(), &[base(path, params).as_bytes()]))
}

/// Whether `sign` is the signature of the parameters, in constant time.
pub fn verify<N: AsRef<str>, V: AsRef<str>>(secret: &str, path: Option<&str>, params: &[(N, V)], sign: &str) -> bool {
    use subtle::ConstantTimeEq;
    self::sign(secret, path, params).as_bytes().ct_eq(sign.as_bytes()).into()
}

fn base<N: AsRef<str>, V: AsRef<str>>(path: Option<&str>, params: &[(N, V)]) -> String {
    let mut signed: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty() && *name != "sign")
        .collect();
    signed.sort_unstable();
    let mut base = path.unwrap_or_default().to_owned();
    for (name, value) in signed {
        base.push_str(name);
        base.push_str(value);
    }
    base
}

/// The header `Authorization` of a push message: lower-case hex over application key and raw body.
pub fn push_signature(app_secret: &str, app_key: &str, body: &[u8]) -> String {
    hex::encode(hmac_sha256(app_secret.as_bytes(), &[app_key.as_bytes(), body]))
}

/// Whether a push message is signed by the application's secret, in constant time; the case of the header's letters does not matter.
pub fn verify_push(app_secret: &str, app_key: &str, body: &[u8], header: &str) -> bool {
    let tag = hex::decode(header.trim()).unwrap_or_default();
    verify_hmac_sha256(app_secret.as_bytes(), &[app_key.as_bytes(), body], &tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "T3stAppSecret-0123456789abcdef";

    fn inventory_update(token_name: &'static str) -> Vec<(&'static str, &'static str)> {
        vec![
            ("method", "aliexpress.solution.batch.product.inventory.update"),
            ("app_key", "33505222"),
            (token_name, "50000601c30test-access-token"),
            ("timestamp", "1709626830000"),
            ("sign_method", "sha256"),
            ("format", "json"),
            ("v", "2.0"),
            ("simplify", "true"),
            (
                "mutiple_product_update_list",
                r#"[{"product_id":1005001234567890,"multiple_sku_update_list":[{"sku_code":"SKU-RED-M","inventory":7},{"sku_code":"SKU-RED-L","inventory":0}]}]"#,
            ),
        ]
    }

    #[test]
    fn the_documentation_vector_k4_is_met() {
        let params = [
            ("access_token", "test"),
            ("app_key", "123456"),
            ("order_id", "1234"),
            ("sign_method", "sha256"),
            ("timestamp", "1517820392000"),
        ];
        let sign = sign("helloworld", Some("/order/get"), &params);
        assert_eq!(sign, "4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A");
    }

    #[test]
    fn business_calls_sign_no_path_v3_v4() {
        assert_eq!(
            sign(SECRET, None, &inventory_update("session")),
            "54A6DF2CFA4B718C6AE8F4EF3F37DC618A6FC92961CC727C99CBD2AEC95F55B3"
        );
        assert_eq!(
            sign(SECRET, None, &inventory_update("access_token")),
            "D4B0079CFC01A86099F9FEF2E6CB99DE17879429E55AC3040E4D7AE28DAB1B76"
        );
    }

    #[test]
    fn system_calls_sign_their_path_v5_v6_v7() {
        let code = ("code", "3_500102_AbCdEfGhIjKlMnOpQrStUvWx1234");
        let mut params = vec![("app_key", "33505222"), ("timestamp", "1709626830000"), ("sign_method", "sha256"), code];
        assert_eq!(
            sign(SECRET, Some("/auth/token/create"), &params),
            "D5316E80EB3EC692A600F47B4A99E7A7CBB9EC9564388C046AD57A4B9B0A8551"
        );
        params.extend([
            ("method", "/auth/token/create"),
            ("partner_id", "iop-sdk-python-20220609"),
            ("simplify", "false"),
            ("format", "json"),
        ]);
        assert_eq!(
            sign(SECRET, Some("/auth/token/create"), &params),
            "EC39A2B8A0318E0570237DD4844BCF3CE22050CFE999F5B2D53B0C1C06DECFE8"
        );
        let refresh = [
            ("app_key", "33505222"),
            ("timestamp", "1709626830000"),
            ("sign_method", "sha256"),
            ("refresh_token", "50001600e17test-refresh-token"),
        ];
        assert_eq!(
            sign(SECRET, Some("/auth/token/refresh"), &refresh),
            "EF3C6524260773C2DA1F7327F9868A290432B64FA191EB3586AAE2A148082CB7"
        );
    }

    #[test]
    fn text_is_signed_raw_and_empty_values_not_at_all_v8() {
        let params = [
            ("method", "aliexpress.solution.order.fulfill"),
            ("app_key", "33505222"),
            ("session", "50000601c30test-access-token"),
            ("timestamp", "1709626830000"),
            ("sign_method", "sha256"),
            ("service_name", "OTHER_ES_LOCAL"),
            ("tracking_website", "https://t.example/ñ?id=1"),
            ("out_ref", "8123456789012345"),
            ("send_type", "part"),
            ("logistics_no", "ES2024COM0000123456"),
            ("description", ""),
        ];
        let expected = "3001CCA8E43792474A959A86232961886476845D05D0BB0E1DA8459376F18462";
        assert_eq!(sign(SECRET, None, &params), expected);
        assert!(verify(SECRET, None, &params, expected));
        assert!(!verify(SECRET, None, &params, "3001"));
    }

    #[test]
    fn push_messages_are_signed_over_key_and_raw_body_v10() {
        let body = br#"{"seller_id":"2200000000001","message_type":53,"data":{"orderId":"8123456789012345","orderStatus":"OrderShipped","buyerId":"12345"},"timestamp":1709626830,"site":"ae_global"}"#;
        let expected = "d3ae067865bac4f47dfe9df9536a985f1a3810c93052cd8b55755e76d9d78c81";
        assert_eq!(push_signature(SECRET, "33505222", body), expected);
        assert!(verify_push(SECRET, "33505222", body, &expected.to_uppercase()));
        for (key, body, header) in
            [("33505223", &body[..], expected), ("33505222", b"{}", expected), ("33505222", &body[..], "")]
        {
            assert!(!verify_push(SECRET, key, body, header));
        }
    }

    #[test]
    fn names_sort_by_bytes() {
        let toy = [("foobar", "4"), ("foo_bar", "3"), ("sign", "x"), ("foo", "1"), ("bar", "2")];
        assert_eq!(base(None, &toy), "bar2foo1foo_bar3foobar4");
    }
}
