//! The tree of categories, and what a leaf asks for.

use std::sync::Arc;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Answer, access, of_call, of_category};
use crate::catalog::schema::{Attribute, AttributeValue, CategorySchema, Names};
use crate::http::Api;
use crate::http::auth::Caller;
use crate::http::problem::{Problem, ProblemBody};
use crate::publishing::Tree;

/// Categories that are asked for by their ids together.
const IDS_MAX: usize = 200;
/// Values of each attribute that a schema shows at most.
const VALUES_MAX: usize = 1_000;
/// Values that a schema shows at most, all attributes together.
const VALUES_OF_ALL_MAX: usize = 20_000;
/// Values of a page.
const VALUES_OF_PAGE_MAX: usize = 500;

/// A category as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCategory {
    /// Its id.
    pub id: u64,
    /// Products can stand in it.
    pub leaf: bool,
    /// Its names by language.
    #[schema(value_type = Object)]
    pub names: Names,
    /// Russian names from the top.
    pub path: Vec<String>,
    /// English names from the top.
    pub path_en: Vec<String>,
}

/// Categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCategories {
    /// When the tree was read, milliseconds since the epoch; null while it is being read for the first time.
    pub read_ms: Option<u64>,
    /// The categories.
    pub items: Vec<ShownCategory>,
}

/// Which categories.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CategoriesQuery {
    /// Those below this one; 0 or nothing = the roots.
    #[serde(default)]
    parent: u64,
    /// Some by their ids, separated by commas, at most 200; unknown ones are left out.
    ids: Option<String>,
    /// Leaves with these words in their names; the best 50.
    search: Option<String>,
    /// Leaves that AliExpress proposes for this title.
    suggest: Option<String>,
}

/// Ids with commas between them.
fn ids(text: &str, most: usize) -> Result<Vec<u64>, Problem> {
    let detail = || format!("ids are at most {most} whole numbers with commas between them");
    let all: Result<Vec<u64>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    all.ok().filter(|all| all.len() <= most).ok_or_else(|| Problem::bad_request("ids_invalid", detail()))
}

fn shown(tree: &Tree, id: u64, leaf: bool, names: Names) -> ShownCategory {
    let (path, path_en) = (tree.path(id, "ru"), tree.path(id, "en"));
    ShownCategory { id, leaf, names, path, path_en }
}

/// Categories of the kept tree: below one, by words, by their ids, or proposed by AliExpress for a title.
#[utoipa::path(get, path = "/v1/shops/{shop}/categories", tag = "publishing",
    params(("shop" = String, Path), CategoriesQuery), responses((status = 200, body = ShownCategories)))]
pub async fn get_categories(
    caller: Caller,
    query: web::Query<CategoriesQuery>,
    api: web::Data<Api>,
) -> Answer<ShownCategories> {
    let tree = api.publisher.categories.tree(&caller.shop).await?;
    let Some(tree) = tree else {
        let access = Arc::clone(access(&api, &caller)?);
        let (publisher, shop) = (Arc::clone(&api.publisher), caller.shop.clone());
        // Read in the background: it takes some hundred requests.
        api.tasks.spawn(async move {
            if let Err(error) = publisher.categories.walk(&shop, &access).await {
                tracing::warn!(shop.id = %shop, %error, "the categories could not be read");
            }
        });
        return Ok(web::Json(ShownCategories { read_ms: None, items: Vec::new() }));
    };
    let items = match (&query.ids, &query.suggest, &query.search) {
        (Some(wanted), ..) => {
            let wanted = ids(wanted, IDS_MAX)?;
            let known = wanted.iter().filter_map(|id| tree.get(*id));
            known.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
        (None, Some(title), _) => {
            let access = access(&api, &caller)?;
            let client = &access.application.client;
            let method = &client.methods().category_suggest;
            let call = async |token: crate::aliexpress::Token| client.suggest_category(&token, title, "ru").await;
            let found = access.call(method, false, call).await.map_err(|error| of_call(&error))?;
            let names = |name: String| Names::from([("en".to_owned(), name)]);
            let one = |found: crate::aliexpress::SuggestedCategory| match tree.get(found.id) {
                Some(category) => shown(&tree, category.id, category.leaf, category.names.clone()),
                None => {
                    let (path, path_en) = (found.path.clone(), found.path);
                    ShownCategory { id: found.id, leaf: true, names: names(found.name), path, path_en }
                }
            };
            found.into_iter().map(one).collect()
        }
        (None, None, Some(words)) => {
            let found = tree.search(words).into_iter();
            found.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
        (None, None, None) => {
            let below = tree.below(query.parent);
            below.map(|category| shown(&tree, category.id, category.leaf, category.names.clone())).collect()
        }
    };
    Ok(web::Json(ShownCategories { read_ms: Some(tree.at_ms), items }))
}

/// How much of a schema.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SchemaQuery {
    /// Values shown of each attribute, at most and by default 1 000; of all together at most 20 000. The others are asked for by pages.
    values: Option<usize>,
}

/// What AliExpress asks of a product of a leaf. An attribute has `id`, `names`, `required`, `recommended`, `sku`, `kind` (`text`, `number`, `one`,
/// `many`), `units`, `custom_names`, `custom_pictures`, `when` (pairs of attribute and value that it is asked for with; empty: always), `values` (the first
/// ones) and `values_total`.
#[utoipa::path(get, path = "/v1/shops/{shop}/categories/{id}/schema", tag = "publishing",
    params(("shop" = String, Path), ("id" = u64, Path), SchemaQuery), responses((status = 200, body = Object), (status = 422, body = ProblemBody)))]
pub async fn get_schema(
    caller: Caller,
    path: web::Path<(String, u64)>,
    query: web::Query<SchemaQuery>,
    api: web::Data<Api>,
) -> Answer<serde_json::Value> {
    let access = access(&api, &caller)?;
    let schema = api.publisher.categories.schema(&caller.shop, access, path.1).await.map_err(of_category)?;
    Ok(web::Json(bounded(&schema, query.values.unwrap_or(VALUES_MAX).min(VALUES_MAX))))
}

fn bounded(schema: &CategorySchema, of_each: usize) -> serde_json::Value {
    let mut left = VALUES_OF_ALL_MAX;
    let mut shown = |attribute: &Attribute| {
        let count = attribute.values.len().min(of_each).min(left);
        left -= count;
        let first = Attribute { values: attribute.values[..count].to_vec(), ..attribute.without_values() };
        let mut shown = serde_json::to_value(first).expect("an attribute is plain data");
        shown["values_total"] = attribute.values.len().into();
        shown
    };
    let attributes: Vec<serde_json::Value> = schema.attributes.iter().map(&mut shown).collect();
    let mut whole = serde_json::to_value(schema.clone_without_attributes()).expect("a schema is plain data");
    whole["attributes"] = attributes.into();
    whole
}

/// Which values.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ValuesQuery {
    /// Those with this text in one of their names.
    search: Option<String>,
    /// Some by their ids, separated by commas, at most 500.
    ids: Option<String>,
    /// Where the page starts: the `next` of the page before.
    cursor: Option<usize>,
    /// At most 500, by default 100.
    limit: Option<usize>,
}

/// Values of an attribute.
#[derive(Debug, Serialize, ToSchema)]
pub struct Values {
    /// What is on the page.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<AttributeValue>,
    /// Values of the attribute, whether they are meant or not.
    pub total: usize,
    /// Give it as `cursor` for the next page; null at the end.
    pub next: Option<usize>,
}

/// The values of an attribute, by pages: `id` and `names` by language.
#[utoipa::path(get, path = "/v1/shops/{shop}/categories/{id}/attributes/{attribute}/values", tag = "publishing",
    params(("shop" = String, Path), ("id" = u64, Path), ("attribute" = u64, Path), ValuesQuery),
    responses((status = 200, body = Values), (status = 422, body = ProblemBody)))]
pub async fn get_values(
    caller: Caller,
    path: web::Path<(String, u64, u64)>,
    query: web::Query<ValuesQuery>,
    api: web::Data<Api>,
) -> Answer<Values> {
    let access = access(&api, &caller)?;
    let schema = api.publisher.categories.schema(&caller.shop, access, path.1).await.map_err(of_category)?;
    let limit = query.limit.unwrap_or(100).clamp(1, VALUES_OF_PAGE_MAX);
    let from = query.cursor.unwrap_or_default();
    // One attribute may be asked for with several values of another, each time with values of its own.
    let all: Vec<&AttributeValue> =
        schema.attributes.iter().filter(|attribute| attribute.id == path.2).flat_map(|a| &a.values).collect();
    let words = query.search.as_deref().unwrap_or_default().trim().to_lowercase();
    let wanted = query.ids.as_deref().map(|text| ids(text, VALUES_OF_PAGE_MAX)).transpose()?;
    let meant = |value: &AttributeValue| {
        wanted.as_ref().is_none_or(|wanted| wanted.contains(&value.id))
            && (words.is_empty() || value.names.values().any(|name| name.to_lowercase().contains(&words)))
    };
    let mut found = all.iter().enumerate().skip(from).filter(|(_, value)| meant(value));
    let items: Vec<AttributeValue> = found.by_ref().take(limit).map(|(_, value)| (*value).clone()).collect();
    let next = found.next().map(|(at, _)| at);
    Ok(web::Json(Values { items, total: all.len(), next }))
}
