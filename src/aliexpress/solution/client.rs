//! The calls. Each is one HTTP request with a total timeout; none retries, none waits for a permit.

use std::fmt;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::{request, response};
use crate::aliexpress::{
    BatchAnswer, CallError, ListingStatus, MerchantProfile, ProductInfo, ProductPage, ProductPrices, ProductStock,
    Refusal,
};
use crate::clock::SharedClock;
use crate::config::Methods;
use crate::domain::ListingId;
use crate::http_client;

/// Who calls, and whom.
#[derive(Debug)]
pub struct ClientOptions {
    /// The gateway, without `/sync`.
    pub gateway_url: String,
    /// The application's key.
    pub app_key: String,
    /// The application's secret.
    pub app_secret: SecretString,
    /// The method behind each call.
    pub methods: Methods,
}

/// Calls of one application.
pub struct SolutionClient {
    pub(super) options: ClientOptions,
    pub(super) url: String,
    pub(super) http: reqwest::Client,
    pub(super) clock: SharedClock,
}

impl fmt::Debug for SolutionClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SolutionClient({} at {})", self.options.app_key, self.url)
    }
}

impl SolutionClient {
    /// A client over an HTTP client that has its timeouts.
    pub fn new(options: ClientOptions, http: reqwest::Client, clock: SharedClock) -> Self {
        let url = format!("{}/sync", options.gateway_url.trim_end_matches('/'));
        Self { options, url, http, clock }
    }

    /// The method behind each call.
    pub fn methods(&self) -> &Methods {
        &self.options.methods
    }

    /// Sets the stock of products' SKUs; absolute values.
    ///
    /// # Errors
    /// Where the request as a whole failed; see [`CallError::class`].
    ///
    /// # Cancel safety
    /// A dropped call may have had its effect.
    pub async fn update_inventory(&self, token: &str, products: &[ProductStock]) -> Result<BatchAnswer, CallError> {
        let asked: Vec<ListingId> = products.iter().map(|product| product.listing).collect();
        self.update(&self.options.methods.inventory_update, token, request::inventory(products), &asked).await
    }

    /// Sets the prices of products' SKUs; absolute values.
    ///
    /// # Errors
    /// As [`SolutionClient::update_inventory`].
    ///
    /// # Cancel safety
    /// A dropped call may have had its effect.
    pub async fn update_prices(&self, token: &str, products: &[ProductPrices]) -> Result<BatchAnswer, CallError> {
        let asked: Vec<ListingId> = products.iter().map(|product| product.listing).collect();
        self.update(&self.options.methods.price_update, token, request::prices(products), &asked).await
    }

    async fn update(
        &self,
        method: &str,
        token: &str,
        list: String,
        asked: &[ListingId],
    ) -> Result<BatchAnswer, CallError> {
        let result = self.call(method, token, vec![(request::UPDATE_LIST, list)], false).await?;
        response::batch(&result, asked).map_err(|trouble| trouble.of_call(false))
    }

    /// A page of the seller's products in a state; pages count from 1.
    ///
    /// # Errors
    /// As [`SolutionClient::update_inventory`].
    pub async fn list_products(
        &self,
        token: &str,
        status: ListingStatus,
        page: u32,
        page_size: u32,
    ) -> Result<ProductPage, CallError> {
        let query = json!({"product_status_type": status.as_str(), "current_page": page, "page_size": page_size});
        let business = vec![("aeop_a_e_product_list_query", query.to_string())];
        let result = self.call(&self.options.methods.product_list, token, business, true).await?;
        response::product_page(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// A product as AliExpress has it; `None`: it has none of that id.
    ///
    /// # Errors
    /// As [`SolutionClient::update_inventory`].
    pub async fn product_info(&self, token: &str, listing: ListingId) -> Result<Option<ProductInfo>, CallError> {
        let business = vec![("product_id", listing.to_string())];
        match self.call(&self.options.methods.product_info, token, business, true).await {
            Err(CallError::Refused(refusal)) if refusal.says_unknown_sku_or_product() => Ok(None),
            Err(error) => Err(error),
            Ok(result) => response::product_info(&result, listing).map(Some).map_err(|trouble| trouble.of_call(true)),
        }
    }

    /// The seller; costs little and needs a token that works.
    ///
    /// # Errors
    /// As [`SolutionClient::update_inventory`].
    pub async fn merchant_profile(&self, token: &str) -> Result<MerchantProfile, CallError> {
        let result = self.call(&self.options.methods.merchant_profile, token, Vec::new(), true).await?;
        response::profile(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// One call. `harmless`: it changes nothing, so that a lost answer has no effect to worry about.
    pub(super) async fn call(
        &self,
        method: &str,
        token: &str,
        business: Vec<(&'static str, String)>,
        harmless: bool,
    ) -> Result<Value, CallError> {
        if token.is_empty() {
            let words = "the shop has no access token: the seller must consent";
            return Err(CallError::Refused(Refusal::new("IllegalAccessToken", words, "", "")));
        }
        let ClientOptions { app_key, app_secret, .. } = &self.options;
        let params = request::signed(app_key, app_secret, token, method, business, self.clock.now());
        answer_of(self.http.post(format!("{}?method={method}", self.url)).form(&params), harmless).await
    }
}

/// Sends a request and reads the result of its answer.
pub(super) async fn answer_of(request: reqwest::RequestBuilder, harmless: bool) -> Result<Value, CallError> {
    let no_answer = |detail: String| CallError::NoAnswer { detail, harmless };
    let response = request.send().await.map_err(|error| match error.is_connect() || error.is_builder() {
        true => CallError::not_made(words(error)),
        false => no_answer(words(error)),
    })?;
    let status = response.status();
    let body = http_client::bytes(response).await.map_err(|error| no_answer(error.to_string()))?;
    match response::result(&body) {
        Ok(result) if status.is_success() => Ok(result),
        Ok(_) => Err(no_answer(format!("HTTP {status}"))),
        // A refusal that can be read is one, whatever the status around it.
        Err(response::Trouble::Refused(refusal)) => Err(CallError::Refused(refusal)),
        Err(response::Trouble::Unreadable(shown)) => Err(no_answer(format!("HTTP {status}, {shown}"))),
    }
}

/// An error with its causes, without the URL.
pub(super) fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}
