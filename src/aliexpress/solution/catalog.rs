//! The calls of publishing: categories and what they ask for, pictures, products and their audit.

use serde_json::{Value, json};

use super::client::{SolutionClient, answer_of};
use super::{catalog_response as read, request};
use crate::aliexpress::{
    AuditState, CallError, CategoryAttributes, CategoryNode, ListingStatus, SchemaExtras, SuggestedCategory,
};
use crate::catalog::schema::Choosing;
use crate::domain::ListingId;

impl SolutionClient {
    /// The categories below one; 0 = the roots. A leaf has none.
    ///
    /// # Errors
    /// Where the request failed; see [`CallError::class`].
    pub async fn categories(&self, token: &str, parent: u64) -> Result<Vec<CategoryNode>, CallError> {
        let business = vec![("category_id", parent.to_string()), ("filter_no_permission", "true".to_owned())];
        let result = self.call(&self.options.methods.category_tree, token, business, true).await?;
        Ok(read::categories(&result))
    }

    /// The attributes of a leaf; with a path of values, those that are asked for where a product has these.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn category_attributes(
        &self,
        token: &str,
        category: u64,
        path: &[Choosing],
    ) -> Result<CategoryAttributes, CallError> {
        let mut business =
            vec![("param1", category.to_string()), ("locale", "en_US".to_owned()), ("channel", "AE_GLOBAL".to_owned())];
        if !path.is_empty() {
            let items = path.iter().map(|chosen| format!("{}={}", chosen.attribute, chosen.value));
            business.push(("param2", items.collect::<Value>().to_string()));
        }
        let result = self.call(&self.options.methods.category_attributes, token, business, true).await?;
        read::attributes(&result, path).map_err(|trouble| trouble.of_call(true))
    }

    /// What a leaf's schema says beside its attributes: limits, and what belongs to the seller.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn schema_extras(&self, token: &str, category: u64) -> Result<SchemaExtras, CallError> {
        let business = vec![("aliexpress_category_id", category.to_string())];
        let result = self.call(&self.options.methods.product_schema, token, business, true).await?;
        read::extras(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// Categories that AliExpress proposes for a title.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn suggest_category(
        &self,
        token: &str,
        title: &str,
        language: &str,
    ) -> Result<Vec<SuggestedCategory>, CallError> {
        let business = vec![("title", title.to_owned()), ("language", language.to_owned())];
        let result = self.call(&self.options.methods.category_suggest, token, business, true).await?;
        Ok(read::suggested(&result))
    }

    /// Uploads a picture to the photo bank; its URL there.
    ///
    /// The file itself is not signed: system and business parameters are, in the query. A lost answer leaves at most a second copy.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn upload_image(&self, token: &str, name: &str, bytes: Vec<u8>) -> Result<String, CallError> {
        let method = &self.options.methods.image_upload;
        let business = vec![("file_name", name.to_owned())];
        let (key, secret) = (&self.options.app_key, &self.options.app_secret);
        let params = request::signed(key, secret, token, method, business, self.clock.now());
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let part = part.mime_str("application/octet-stream").map_err(|e| CallError::not_made(e.to_string()))?;
        let form = reqwest::multipart::Form::new().part("image_bytes", part);
        let url = url::Url::parse_with_params(&self.url, &params).map_err(|e| CallError::not_made(e.to_string()))?;
        let result = answer_of(self.http.post(url).multipart(form), true).await?;
        read::photo(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// Creates a product.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`]; the effect of a lost answer is unknown.
    pub async fn post_product(&self, token: &str, product: &Value, schema: bool) -> Result<ListingId, CallError> {
        let methods = &self.options.methods;
        let (method, business) = match schema {
            false => (&methods.product_post, vec![("post_product_request", product.to_string())]),
            true => (&methods.schema_post, vec![("product_instance_request", product.to_string())]),
        };
        let result = self.call(method, token, business, false).await?;
        read::product_id(&result).map_err(|trouble| trouble.of_call(false))
    }

    /// Edits a product; its SKUs are replaced by those given.
    ///
    /// # Errors
    /// As [`SolutionClient::post_product`].
    pub async fn edit_product(&self, token: &str, product: &Value, schema: bool) -> Result<ListingId, CallError> {
        let methods = &self.options.methods;
        let (method, business) = match schema {
            false => (&methods.product_edit, vec![("edit_product_request", product.to_string())]),
            true => (&methods.schema_update, vec![("schema_full_update_request", product.to_string())]),
        };
        let result = self.call(method, token, business, false).await?;
        read::product_id(&result).map_err(|trouble| trouble.of_call(false))
    }

    /// Puts a product on sale or takes it off; done twice it ends the same.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn set_online(&self, token: &str, listing: ListingId, online: bool) -> Result<(), CallError> {
        let methods = &self.options.methods;
        let method = if online { &methods.product_online } else { &methods.product_offline };
        self.call(method, token, vec![("product_ids", listing.to_string())], true).await.map(drop)
    }

    /// Deletes a product for good.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn delete_product(&self, token: &str, listing: ListingId) -> Result<(), CallError> {
        let business = vec![("product_ids", listing.to_string())];
        self.call(&self.options.methods.product_delete, token, business, true).await.map(drop)
    }

    /// How a product's audit stands.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn audit_state(&self, token: &str, listing: ListingId) -> Result<AuditState, CallError> {
        let business = vec![("product_id", listing.to_string())];
        let result = self.call(&self.options.methods.product_status, token, business, true).await?;
        read::audit(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// Products in a state that have a SKU.
    ///
    /// # Errors
    /// As [`SolutionClient::categories`].
    pub async fn products_with_sku(
        &self,
        token: &str,
        status: ListingStatus,
        sku: &str,
    ) -> Result<Vec<ListingId>, CallError> {
        let query =
            json!({"product_status_type": status.as_str(), "current_page": 1, "page_size": 20, "sku_code": sku});
        let business = vec![("aeop_a_e_product_list_query", query.to_string())];
        let result = self.call(&self.options.methods.product_list, token, business, true).await?;
        let page = super::response::product_page(&result).map_err(|trouble| trouble.of_call(true))?;
        Ok(page.products.into_iter().map(|product| product.listing).collect())
    }
}
