//! URLs of the shared store, taken apart. Errors never repeat the URL: it may hold a password.

use crate::store::StoreError;

/// How Redis stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// One server: a URL as the `redis` crate takes it.
    Single(String),
    /// Sentinels, as URLs, and the name of the master that they watch; user, password and database are the master's.
    Sentinel { sentinels: Vec<String>, master: String, credentials: Option<(String, String)>, database: i64 },
    /// Nodes of a Cluster, as URLs.
    Cluster(Vec<String>),
}

/// Takes a URL apart.
pub(super) fn parse(url: &str) -> Result<Target, StoreError> {
    let wrong = |why: &str| StoreError::Unusable(format!("store.url {why}"));
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("has no scheme"))?;
    let (credentials, rest) = rest.rsplit_once('@').map_or((None, rest), |(user, rest)| (Some(user), rest));
    let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
    let hosts: Vec<&str> = hosts.split(',').filter(|host| !host.is_empty()).collect();
    if hosts.is_empty() {
        return Err(wrong("names no host"));
    }
    let nodes = |credentials: Option<&str>| -> Vec<String> {
        let user = credentials.map(|user| format!("{user}@")).unwrap_or_default();
        hosts.iter().map(|host| format!("redis://{user}{host}")).collect()
    };
    match scheme {
        "redis" | "rediss" => Ok(Target::Single(url.to_owned())),
        "redis+cluster" => Ok(Target::Cluster(nodes(credentials))),
        "redis+sentinel" => {
            let (master, database) = path.split_once('/').unwrap_or((path, "0"));
            if master.is_empty() {
                return Err(wrong("names no master: redis+sentinel://host:26379,host:26379/mymaster"));
            }
            let database = database.parse().map_err(|_| wrong("ends in something that is no database number"))?;
            let decode = |text: &str| {
                url::form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, value)| value.into_owned())
            };
            let credentials = credentials.map(|user| {
                let (user, password) = user.split_once(':').unwrap_or(("", user));
                (decode(user).unwrap_or_default(), decode(password).unwrap_or_default())
            });
            Ok(Target::Sentinel { sentinels: nodes(None), master: master.to_owned(), credentials, database })
        }
        _ => Err(wrong("has a scheme that names no Redis")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_url_is_understood() {
        assert_eq!(parse("redis://u:p@h:1/2").unwrap(), Target::Single("redis://u:p@h:1/2".into()));
        let cluster = parse("redis+cluster://:p@a:1,b:2").unwrap();
        assert_eq!(cluster, Target::Cluster(vec!["redis://:p@a:1".into(), "redis://:p@b:2".into()]));
        let sentinel = parse("redis+sentinel://:se%40cret@a:1,b:2/main/3").unwrap();
        let sentinels = vec!["redis://a:1".into(), "redis://b:2".into()];
        let credentials = Some((String::new(), "se@cret".into()));
        assert_eq!(sentinel, Target::Sentinel { sentinels, master: "main".into(), credentials, database: 3 });
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for bad in [
            "localhost",
            "redis+sentinel://:hunter2@a:1",
            "redis+sentinel://:hunter2@a:1/m/x",
            "http://:hunter2@a",
            "redis+cluster://:hunter2@",
        ] {
            assert!(!parse(bad).unwrap_err().to_string().contains("hunter2"));
        }
    }
}
