//! The figures, on standard output and in `benches/RESULTS.md`.

use std::process::Command;

/// A figure with its goal.
#[derive(Debug)]
struct Line {
    what: String,
    figure: String,
    goal: String,
    is_met: Option<bool>,
}

/// All figures of a run.
#[derive(Debug)]
pub struct Report {
    writes: bool,
    sections: Vec<(String, Vec<Line>)>,
    started: std::time::Instant,
}

impl Report {
    /// An empty report; only a whole run is written to the file.
    pub fn new(writes: bool) -> Self {
        Self { writes, sections: Vec::new(), started: std::time::Instant::now() }
    }

    /// Starts a section.
    pub fn section(&mut self, title: &str) {
        println!("\n{title}");
        self.sections.push((title.to_owned(), Vec::new()));
    }

    /// A figure without a goal.
    pub fn note(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        self.line(Line { what: what.into(), figure: figure.into(), goal: String::new(), is_met: None });
    }

    /// A figure that is to be at least so much.
    pub fn at_least(&mut self, what: impl Into<String>, figure: f64, least: f64, shown: impl Fn(f64) -> String) {
        let (goal, is_met) = (format!("≥ {}", shown(least)), Some(figure >= least));
        self.line(Line { what: what.into(), figure: shown(figure), goal, is_met });
    }

    /// A figure that is to be at most so much.
    pub fn at_most(&mut self, what: impl Into<String>, figure: f64, most: f64, shown: impl Fn(f64) -> String) {
        let (goal, is_met) = (format!("≤ {}", shown(most)), Some(figure <= most));
        self.line(Line { what: what.into(), figure: shown(figure), goal, is_met });
    }

    fn line(&mut self, line: Line) {
        println!("  {:<72} {:>22}  {:<10} {}", line.what, line.figure, line.goal, verdict(line.is_met));
        self.sections.last_mut().unwrap().1.push(line);
    }

    /// Writes the file.
    pub fn close(self) {
        let mut text = format!(
            "# Results\n\nMeasured on {} with `make bench`, which writes this file; commit {}. It took {} s.\n\n{}\n",
            today(),
            output("git", &["describe", "--always", "--dirty", "--exclude", "*"]),
            self.started.elapsed().as_secs(),
            machine()
        );
        text += "Server, store and load generator share the machine, the same in every variant: ratios are what counts, rates are floors.\n";
        for (title, lines) in &self.sections {
            text += &format!("\n## {title}\n\n| what | figure | goal | |\n|---|---:|---:|---|\n");
            for line in lines {
                let (what, figure, goal) = (&line.what, &line.figure, &line.goal);
                text += &format!("| {what} | {figure} | {goal} | {} |\n", verdict(line.is_met));
            }
        }
        if self.writes {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/RESULTS.md");
            std::fs::write(file, text).unwrap();
            println!("\nwritten to {file}");
        }
    }
}

fn verdict(is_met: Option<bool>) -> &'static str {
    match is_met {
        None => "",
        Some(true) => "met",
        Some(false) => "missed",
    }
}

fn today() -> String {
    output("date", &["--utc", "+%Y-%m-%d %H:%M UTC"])
}

fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 20;
    format!(
        "{}, {cores} cores, {memory} GiB; Linux {}; {}; {}. Load before the run: {}.\n",
        field(&read("/proc/cpuinfo"), "model name"),
        read("/proc/sys/kernel/osrelease").trim(),
        output("redis-server", &["--version"]).split(" sha").next().unwrap_or_default(),
        output("rustc", &["--version"]),
        read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" ")
    )
}

fn output(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// The median of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
