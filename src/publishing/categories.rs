//! The tree of categories and the schemas of leaves, kept with their age and read again before they are too old.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::blob;
use super::tree::{Category, Tree};
use crate::aliexpress::{Access, CallError};
use crate::catalog::schema::{Attribute, BRAND_ATTRIBUTE, CategorySchema, Choosing, Names};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::store::{Documents, StoreError};

/// The tree, as it is kept.
const TREE: &str = "categories";
/// Reads of the tree at one time.
const READS: usize = 4;
/// Categories of a tree; AliExpress has some thousands.
const CATEGORIES_MAX: usize = 50_000;
/// Calls for attributes that depend on values of others, for one category.
const DEPENDENT_CALLS_MAX: usize = 100;
/// How deep attributes may depend on each other.
const DEPTH_MAX: usize = 5;

/// A schema, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptSchema {
    at_ms: u64,
    schema: CategorySchema,
}

/// A schema in memory, and when it was read.
type Known = (Timestamp, Arc<CategorySchema>);

/// Trees and schemas of all shops.
#[derive(Debug)]
pub struct Categories {
    documents: Arc<dyn Documents>,
    age_max: Duration,
    schema_age_max: Duration,
    schemas: Mutex<HashMap<(ShopId, u64), Known>>,
    trees: Mutex<HashMap<ShopId, Arc<Tree>>>,
    walking: Mutex<HashSet<ShopId>>,
}

/// Why there is no schema or tree.
#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    /// AliExpress.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Categories {
    /// Trees and schemas of a store, read again when they are older.
    pub fn new(documents: Arc<dyn Documents>, age_max: Duration, schema_age_max: Duration) -> Self {
        let (schemas, trees, walking) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { documents, age_max, schema_age_max, schemas, trees, walking }
    }

    /// The schema of a leaf: the kept one, or read from AliExpress where that is too old. An old one serves while AliExpress does not answer.
    ///
    /// # Errors
    /// Where neither has it.
    pub async fn schema(
        &self,
        shop: &ShopId,
        access: &Access,
        leaf: u64,
    ) -> Result<Arc<CategorySchema>, CategoryError> {
        let now = self.documents.now().await?;
        let kept = self.kept_schema(shop, leaf).await?;
        let is_fresh = |(at, _): &&Known| now.since(*at) < self.schema_age_max;
        if let Some((_, schema)) = kept.as_ref().filter(is_fresh) {
            return Ok(Arc::clone(schema));
        }
        match self.read_schema(access, leaf).await {
            Ok(schema) => Ok(self.keep(shop, schema).await?),
            Err(error) => match kept {
                Some((_, schema)) => {
                    tracing::warn!(shop.id = %shop, category = leaf, %error, "a category's schema could not be read again; the old one serves");
                    Ok(schema)
                }
                None => Err(error.into()),
            },
        }
    }

    /// Keeps a schema that was read just now.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn keep(&self, shop: &ShopId, schema: CategorySchema) -> Result<Arc<CategorySchema>, StoreError> {
        let (leaf, now) = (schema.category, self.documents.now().await?);
        let kept = KeptSchema { at_ms: now.as_millis(), schema };
        let text = serde_json::to_string(&kept).expect("a schema is plain data");
        let name = schema_name(leaf);
        let before = blob::pointer(self.documents.as_ref(), shop, &name).await?;
        // Where another replica was faster, its schema is as new as this one.
        blob::write(self.documents.as_ref(), shop, &name, before.as_ref(), &text).await?;
        Ok(self.remember(shop, leaf, kept).1)
    }

    fn remember(&self, shop: &ShopId, leaf: u64, kept: KeptSchema) -> Known {
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        // A shop uses some hundreds of categories; more than this are read from the store again.
        if schemas.len() > 2_000 {
            schemas.clear();
        }
        let known = (Timestamp::from_millis(kept.at_ms), Arc::new(kept.schema));
        schemas.insert((shop.clone(), leaf), known.clone());
        known
    }

    async fn kept_schema(&self, shop: &ShopId, leaf: u64) -> Result<Option<Known>, StoreError> {
        let known = self.schemas.lock().unwrap_or_else(PoisonError::into_inner).get(&(shop.clone(), leaf)).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let name = schema_name(leaf);
        let Some((_, pointer)) = blob::pointer(self.documents.as_ref(), shop, &name).await? else { return Ok(None) };
        let text = blob::text(self.documents.as_ref(), shop, &name, &pointer).await?;
        let kept: Option<KeptSchema> = text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(kept.map(|kept| self.remember(shop, leaf, kept)))
    }

    /// A leaf's attributes, those that depend on values of others behind these.
    async fn read_attributes(&self, access: &Access, leaf: u64) -> Result<Vec<Attribute>, CallError> {
        let client = &access.application.client;
        let method = &client.methods().category_attributes;
        let (mut all, mut calls) = (Vec::new(), 0);
        let mut open: VecDeque<Vec<Choosing>> = VecDeque::from([Vec::new()]);
        while let Some(path) = open.pop_front() {
            calls += 1;
            if calls > DEPENDENT_CALLS_MAX {
                tracing::warn!(category = leaf, "the category has more dependent attributes than are read");
                break;
            }
            let call = async |token: crate::aliexpress::Token| client.category_attributes(&token, leaf, &path).await;
            let read = access.call(method, false, call).await?;
            all.extend(read.attributes);
            open.extend(read.open.into_iter().filter(|path| path.len() <= DEPTH_MAX));
        }
        Ok(all)
    }

    async fn read_schema(&self, access: &Access, leaf: u64) -> Result<CategorySchema, CallError> {
        let client = &access.application.client;
        let methods = client.methods();
        let mut attributes = self.read_attributes(access, leaf).await?;
        let extras =
            access.call(&methods.product_schema, false, async |token| client.schema_extras(&token, leaf).await).await?;
        if let (Some(brands), Some(brand)) = (&extras.brands, attributes.iter_mut().find(|a| a.id == BRAND_ATTRIBUTE)) {
            brand.values.retain(|value| brands.iter().any(|own| own.id == value.id.to_string()));
        }
        Ok(CategorySchema {
            category: leaf,
            attributes,
            stated: extras.stated,
            freight_templates: extras.freight_templates,
            service_templates: extras.service_templates,
            groups: extras.groups,
        })
    }

    /// The kept tree, however old; none where it was never read.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn tree(&self, shop: &ShopId) -> Result<Option<Arc<Tree>>, StoreError> {
        let Some((_, pointer)) = blob::pointer(self.documents.as_ref(), shop, TREE).await? else { return Ok(None) };
        let known = self.trees.lock().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if let Some(known) = known.filter(|known| known.at_ms == pointer.at_ms) {
            return Ok(Some(known));
        }
        let Some(text) = blob::text(self.documents.as_ref(), shop, TREE, &pointer).await? else { return Ok(None) };
        let categories = serde_json::from_str(&text)
            .map_err(|error| StoreError::Unusable(format!("the kept categories cannot be read: {error}")))?;
        let tree = Arc::new(Tree::new(pointer.at_ms, categories));
        self.trees.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), Arc::clone(&tree));
        Ok(Some(tree))
    }

    /// Whether the tree is to be read (again).
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn is_old(&self, shop: &ShopId) -> Result<bool, StoreError> {
        let now = self.documents.now().await?;
        let pointer = blob::pointer(self.documents.as_ref(), shop, TREE).await?;
        Ok(pointer.is_none_or(|(_, pointer)| now.since(Timestamp::from_millis(pointer.at_ms)) >= self.age_max))
    }

    /// Walks the tree to its leaves and keeps it; nothing where somebody walks it already. The old tree serves meanwhile.
    ///
    /// # Errors
    /// Where AliExpress or the store fails; what was read is dropped then.
    pub async fn walk(&self, shop: &ShopId, access: &Access) -> Result<(), CategoryError> {
        if !self.walking.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone()) {
            return Ok(());
        }
        let walked = self.walked(shop, access).await;
        self.walking.lock().unwrap_or_else(PoisonError::into_inner).remove(shop);
        walked
    }

    async fn walked(&self, shop: &ShopId, access: &Access) -> Result<(), CategoryError> {
        let (client, method) = (&access.application.client, &access.application.client.methods().category_tree);
        let (mut all, mut seen): (Vec<Category>, HashSet<u64>) = (Vec::new(), HashSet::new());
        let mut open = vec![0];
        while !open.is_empty() {
            let reads = stream::iter(std::mem::take(&mut open)).map(|parent| async move {
                let below = access.call(method, false, async |token| client.categories(&token, parent).await).await?;
                Ok::<_, CallError>((parent, below))
            });
            let level: Vec<_> = reads.buffered(READS).try_collect().await?;
            for (parent, below) in level {
                for node in below {
                    if !seen.insert(node.id) || all.len() >= CATEGORIES_MAX {
                        continue;
                    }
                    if !node.leaf {
                        open.push(node.id);
                    }
                    all.push(Category { id: node.id, parent, leaf: node.leaf, names: known_languages(node.names) });
                }
            }
        }
        let text = serde_json::to_string(&all).expect("categories are plain data");
        let before = blob::pointer(self.documents.as_ref(), shop, TREE).await?;
        blob::write(self.documents.as_ref(), shop, TREE, before.as_ref(), &text).await?;
        tracing::info!(shop.id = %shop, categories = all.len(), "the tree of categories was read");
        Ok(())
    }
}

/// Names that pages show.
fn known_languages(names: Names) -> Names {
    let shown: Names = names
        .iter()
        .filter(|(language, _)| ["ru", "en"].contains(&language.as_str()))
        .map(|(l, n)| (l.clone(), n.clone()))
        .collect();
    if shown.is_empty() { names } else { shown }
}

fn schema_name(leaf: u64) -> String {
    format!("schema/{leaf}")
}
