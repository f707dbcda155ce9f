//! `docs`: the site of the pages in `docs/`, and every link of it and of the other pages.
//!
//! The site is made of a copy: what leads out of the folder, to code or to a page beside it, is text there, since the site is
//! read where the repository is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::command::{output, run};
use crate::context::Context;
use crate::outcome::{Outcome, Shortfall, none_of};
use crate::tools::{self, MDBOOK};

pub(crate) fn run_part(context: &Context) -> Outcome {
    tools::system(context, "git", "git")?;
    let listed =
        output(context.command("git").args("ls-files -z -co --exclude-standard -- *.md docs".split(' ')))?;
    let listed: BTreeSet<&Path> = listed
        .split_terminator('\0')
        .map(Path::new)
        .filter(|path| context.root.join(path).is_file())
        .collect();
    let pages: BTreeMap<&Path, String> = listed
        .iter()
        .filter(|path| is_page(path))
        .map(|path| Ok((*path, read(&context.root.join(path))?)))
        .collect::<Outcome<_>>()?;
    none_of(&dead(&pages, |file| context.root.join(file).exists()))?;

    let mdbook = tools::pinned(context, &MDBOOK)?;
    let (source, site) = (context.target().join("site-source"), context.target().join("site"));
    for folder in [&source, &site] {
        if folder.exists() {
            write(fs::remove_dir_all(folder), folder)?;
        }
    }
    for path in listed.iter().filter_map(|path| path.strip_prefix("docs").ok()) {
        let (from, to) = (context.root.join("docs").join(path), source.join(path));
        write(fs::create_dir_all(to.parent().unwrap_or(&source)), &to)?;
        match is_page(path) {
            true if path != Path::new("SUMMARY.md") => {
                write(fs::write(&to, within(&read(&from)?, path)), &to)?
            }
            _ => write(fs::copy(&from, &to).map(|_| ()), &to)?,
        }
    }
    run(context.command(&mdbook.to_string_lossy()).arg("build").arg(&source).arg("--dest-dir").arg(&site))?;
    let pages = Site::read(&site)?;
    let links: usize = pages.pages.values().map(|page| page.links.len()).sum();
    println!("   {} pages, {links} links; open {}", pages.pages.len(), site.join("index.html").display());
    none_of(&pages.dead())
}

/// A link or picture of a page, and where in its text it stands.
struct Link {
    target: String,
    at: std::ops::Range<usize>,
}

fn links(text: &str) -> Vec<Link> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
        .into_offset_iter()
        .filter_map(|(event, at)| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some(Link { target: dest_url.into_string(), at })
            }
            _ => None,
        })
        .collect()
}

/// The links of pages in the repository that lead nowhere.
fn dead(pages: &BTreeMap<&Path, String>, is_there: impl Fn(&Path) -> bool) -> Vec<String> {
    let anchors: BTreeMap<&Path, BTreeSet<String>> =
        pages.iter().map(|(page, text)| (*page, anchors(text))).collect();
    let mut dead = Vec::new();
    for (page, text) in pages {
        for Link { target, .. } in links(text) {
            let (_, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let there = match own_file(&target) {
                Some(file) => normal(page.parent().unwrap_or(Path::new("")), file),
                None if target.starts_with('#') => Some(page.to_path_buf()),
                None => continue,
            };
            let is_alive = there.is_some_and(|there| match anchors.get(&*there) {
                Some(anchors) => anchor.is_empty() || anchors.contains(anchor),
                None => is_there(&there),
            });
            if !is_alive {
                dead.push(format!("{}: nothing is at {target}", page.display()));
            }
        }
    }
    dead
}

/// What can stand behind a `#`: the headings of a page, as where the repository is shown makes names of them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let name: String = heading
                    .take()
                    .unwrap_or_default()
                    .to_lowercase()
                    .chars()
                    .filter(|char| char.is_alphanumeric() || " -_".contains(*char))
                    .map(|char| if char == ' ' { '-' } else { char })
                    .collect();
                anchors.insert(name);
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    anchors
}

/// The file that a link leads to, if it is one of ours and another than the page's own.
fn own_file(target: &str) -> Option<&str> {
    let (file, _) = target.split_once('#').unwrap_or((target, ""));
    let is_foreign = ["https:", "http:", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    (!is_foreign && !file.is_empty()).then_some(file)
}

/// A page of the folder `docs` as the site has it: what leads out of the folder is text.
fn within(text: &str, page: &Path) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = 0;
    for link in links(text) {
        let Some(file) = own_file(&link.target) else { continue };
        let written = &text[link.at.clone()];
        let now = match normal(page.parent().unwrap_or(page), file) {
            // Where mdBook puts it.
            Some(file) if file.ends_with("README.md") => written.replace("README.md", "index.md"),
            Some(_) => continue,
            None => match written.strip_prefix('[').and_then(|written| written.rsplit_once("](")) {
                Some((label, _)) => label.to_owned(),
                None => continue,
            },
        };
        kept.push_str(&text[rest..link.at.start]);
        kept.push_str(&now);
        rest = link.at.end;
    }
    kept.push_str(&text[rest..]);
    kept
}

/// Where a link from a folder leads, without detours; none if it leads out of the topmost one.
fn normal(folder: &Path, target: &str) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::CurDir => {}
            Component::ParentDir if normal.pop() => {}
            _ => return None,
        }
    }
    Some(normal)
}

/// What was built.
struct Site {
    pages: BTreeMap<PathBuf, Page>,
    files: BTreeSet<PathBuf>,
}

#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Site {
    fn read(folder: &Path) -> Outcome<Self> {
        let mut site = Self { pages: BTreeMap::new(), files: BTreeSet::new() };
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            let entries = fs::read_dir(&next)
                .map_err(|error| Shortfall::Failed(format!("{}: {error}", next.display())))?;
            for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // Two that mdBook makes for itself: all pages in one, and what a server shows for those that are not there.
                let is_own = ["print.html", "404.html"].iter().any(|own| name == Path::new(own));
                if name.extension().is_some_and(|extension| extension == "html") && !is_own {
                    site.pages.insert(name.clone(), Page::read(&read(&path)?));
                }
                site.files.insert(name);
            }
        }
        Ok(site)
    }

    /// Every link that leads nowhere.
    fn dead(&self) -> Vec<String> {
        let mut dead = Vec::new();
        for (name, page) in &self.pages {
            for link in &page.links {
                let (_, anchor) = link.split_once('#').unwrap_or((link, ""));
                let there = match own_file(link) {
                    Some(file) => normal(name.parent().unwrap_or(Path::new("")), file),
                    None if link.starts_with('#') => Some(name.clone()),
                    None => continue,
                };
                let is_there = there.is_some_and(|there| match self.pages.get(&there) {
                    Some(page) => anchor.is_empty() || page.anchors.contains(anchor),
                    None => self.files.contains(&there),
                });
                if !is_there {
                    dead.push(format!("{}: nothing is at {link}", name.display()));
                }
            }
        }
        dead
    }
}

impl Page {
    fn read(html: &str) -> Self {
        // What is drawn around each page is mdBook's, and the same everywhere.
        let main = html.split_once("<main>").and_then(|(_, rest)| rest.split_once("</main>"));
        let main = main.map_or(html, |(main, _)| main);
        let mut page = Self::default();
        for tag in main.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag) {
            page.links.extend(["href", "src"].iter().filter_map(|name| attribute(tag, name)));
            page.anchors.extend(attribute(tag, "id"));
        }
        page
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&amp;", "&"))
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path)
        .map_err(|error| Shortfall::Failed(format!("{} cannot be read: {error}", path.display())))
}

fn write(result: std::io::Result<()>, path: &Path) -> Outcome {
    result.map_err(|error| Shortfall::Failed(format!("{} cannot be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_out_of_the_folder_is_text() {
        let text = "See [a](b.md), [top](../README.md#x), [the `code`](../../crates/x.rs), ![p](../p.svg) and [out](https://e.example/).";
        let kept =
            "See [a](b.md), [top](../index.md#x), the `code`, ![p](../p.svg) and [out](https://e.example/).";
        assert_eq!(within(text, Path::new("manual/page.md")), kept);
    }

    #[test]
    fn a_link_of_the_repository_that_leads_nowhere_is_named() {
        let one = "[a](docs/b.md#what-is-it) [b](docs/b.md#no) [c](docs/c.md) [d](x.rs) [e](#one) [f](https://e.example)\n# One";
        let pages = [("README.md", one), ("docs/b.md", "# What `is` it?\n[up](../README.md) [out](../../x)")];
        let pages = pages.map(|(name, text)| (Path::new(name), text.to_owned())).into();
        let expected = [
            "README.md: nothing is at docs/b.md#no",
            "README.md: nothing is at docs/c.md",
            "docs/b.md: nothing is at ../../x",
        ];
        assert_eq!(dead(&pages, |file| file == Path::new("x.rs")), expected);
    }

    #[test]
    fn a_link_of_the_site_that_leads_nowhere_is_named() {
        let page = |html: &str| Page::read(html);
        let site = Site {
            pages: [
                ("index.html", page("<a href=\"m/a.html#x\"><a href=\"m/a.html#y\"><a href=\"#z\"><img src=\"n.png\">")),
                ("m/a.html", page("<h2 id=\"x\"><a href=\"../index.html\"><a href=\"../../o.html\"><a href=\"https://e.example\">")),
            ]
            .map(|(name, page)| (PathBuf::from(name), page))
            .into(),
            files: BTreeSet::new(),
        };
        let expected = [
            "index.html: nothing is at m/a.html#y",
            "index.html: nothing is at #z",
            "index.html: nothing is at n.png",
            "m/a.html: nothing is at ../../o.html",
        ];
        assert_eq!(site.dead(), expected);
    }
}
