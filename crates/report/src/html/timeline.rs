//! An incident as a picture: one lane for each kind of step, time from left to right.
//!
//! Attacks take seconds, visitors come for months. A true scale would show one or the other; here steps keep their order and
//! distances grow with the logarithm of the time between them, and the pauses are written out.

use std::ops::Range;

use afterpatch_model::{Incident, Step, Timestamp};

use crate::{
    clock,
    texts::{Texts, slug},
    words::story,
};

/// Where things lie in a picture, in its own units (CSS pixels when shown at full size).
#[derive(Clone, Copy)]
pub(super) struct Layout {
    class: &'static str,
    width: f64,
    /// First and last possible middle of a mark.
    left: f64,
    right: f64,
    lane_height: f64,
    /// Middle of the marks below the top of their lane, and base line of the lane's name.
    mark_y: f64,
    name_y: f64,
    most_columns: usize,
    /// Whether a mark of several steps names its last one (`9–14`) or only that there are more (`9+`).
    ranges: bool,
    /// Columns are not drawn further apart than this, or a short story would look torn.
    widest_gap: f64,
}

/// Columns of a picture of the width of a desktop window, and how far they may be apart.
const COLUMNS: usize = 24;
const WIDEST_GAP: f64 = 190.0;

/// For desktop windows: names of lanes at the left.
pub(super) const WIDE: Layout = Layout {
    class: "wide",
    width: 1040.0,
    left: 216.0,
    right: 1012.0,
    lane_height: 34.0,
    mark_y: 17.0,
    name_y: 21.0,
    most_columns: COLUMNS,
    ranges: true,
    widest_gap: WIDEST_GAP,
};

/// For phones: names of lanes above their line.
pub(super) const NARROW: Layout = Layout {
    class: "narrow",
    width: 340.0,
    left: 16.0,
    right: 324.0,
    lane_height: 46.0,
    mark_y: 31.0,
    name_y: 13.0,
    most_columns: 12,
    ranges: false,
    widest_gap: WIDEST_GAP,
};

/// So many times as wide as a desktop window shows it; the names of lanes stand above their line, as on phones.
fn enlarged_layout(factor: u16) -> Layout {
    let width = WIDE.width * f64::from(factor);
    Layout {
        class: "enlarged",
        width,
        right: width - NARROW.left,
        most_columns: COLUMNS * usize::from(factor),
        ranges: true,
        widest_gap: WIDEST_GAP * f64::from(factor),
        ..NARROW
    }
}

/// How far a picture can be enlarged.
const FACTORS: [u16; 3] = [2, 4, 8];
/// Whoever moves along an enlarged picture finds the names of its lanes again after so much.
const NAMES_EVERY: f64 = 640.0;

/// Height above the lanes: one row for the fix, one for the days.
const HEAD: f64 = 40.0;
/// Height below the lanes: one row for times of day, one for pauses.
const FOOT: f64 = 46.0;
/// Pauses shorter than this are not written out, in seconds.
const SHORTEST_PAUSE: f64 = 90.0;
/// Width of a character of the picture's small type, on the safe side.
const CHAR: f64 = 6.6;

pub(super) struct Picture {
    pub(super) class: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) lanes: Vec<Lane>,
    pub(super) path: String,
    pub(super) marks: Vec<Mark>,
    pub(super) days: Vec<Label>,
    pub(super) times: Vec<Label>,
    pub(super) pauses: Vec<Label>,
    pub(super) fix: Option<Fix>,
    pub(super) lanes_bottom: u32,
}

pub(super) struct Lane {
    pub(super) name: String,
    /// Where its name stands.
    pub(super) name_xs: Vec<f64>,
    pub(super) name_y: f64,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) line_y: f64,
}

pub(super) struct Mark {
    pub(super) x: f64,
    pub(super) text_y: f64,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) label: String,
    pub(super) grade: String,
    /// Number of its first step.
    pub(super) step: usize,
    pub(super) tip: String,
    pub(super) href: String,
}

/// Text at a place; a day also has a line through the lanes.
pub(super) struct Label {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) line_x: f64,
    pub(super) text: String,
}

/// Where the fix was first seen; everything right of it is after the fix.
pub(super) struct Fix {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) label_x: f64,
    pub(super) anchor: &'static str,
    pub(super) text: String,
}

/// The picture enlarged, each time more, until every step has a mark of its own.
pub(super) fn enlarged(t: &Texts, incident: &Incident, anchor: &str, shown_steps: usize) -> Vec<Picture> {
    let mut pictures: Vec<Picture> = Vec::new();
    // Two marks are as clear as they can be.
    if incident.timeline.len() < 3 {
        return pictures;
    }
    for factor in FACTORS {
        pictures.push(picture(t, incident, enlarged_layout(factor), anchor, shown_steps));
        if pictures.last().is_some_and(|picture| picture.marks.len() == incident.timeline.len()) {
            break;
        }
    }
    pictures
}

/// Draws an incident.
pub(super) fn picture(t: &Texts, incident: &Incident, layout: Layout, anchor: &str, shown_steps: usize) -> Picture {
    let lanes = lanes(incident);
    let lane_of = |step: Step| lanes.iter().position(|lane| *lane == step).unwrap_or_default();
    let steps: Vec<Point> = incident
        .timeline
        .iter()
        .map(|step| Point { lane: lane_of(step.step), first: step.first, last: step.last.or(step.first) })
        .collect();
    let used_after = || incident.timeline.iter().find(|step| step.after_fix).and_then(|step| step.first);
    let fix = incident.closed.or_else(used_after).map(|time| (time, incident.closed.is_some()));
    let columns = fitting_columns(&steps, fix.map(|(time, _)| time), layout);
    let xs = spread(&columns, layout);
    let lane_top = |lane: usize| HEAD + lane as f64 * layout.lane_height;
    let lanes_bottom = lane_top(lanes.len());

    let names = if layout.width > WIDE.width { (layout.width / NAMES_EVERY) as u32 } else { 1 };
    let name_xs: Vec<f64> = (0..names).map(|at| 2.0 + f64::from(at) * NAMES_EVERY).collect();
    let mut marks = Vec::new();
    for (column, &x) in columns.iter().zip(&xs) {
        for cell in &column.cells {
            let Some(step) = incident.timeline.get(cell.first) else { continue };
            let y = lane_top(cell.lane) + layout.mark_y;
            let grade =
                cell.steps.iter().filter_map(|&at| incident.timeline.get(at)).map(|step| step.grade).max().unwrap_or(step.grade);
            let time = step.first.map_or_else(|| t.get("label-no-time"), clock::full);
            marks.push(Mark {
                x,
                text_y: y + 4.0,
                left: x - cell.width / 2.0,
                top: y - 11.0,
                width: cell.width,
                label: cell.label.clone(),
                grade: slug(grade),
                step: cell.first + 1,
                tip: format!("{time} {}", story::title(t, &step.kind, &step.title)),
                href: if cell.first < shown_steps { format!("#{anchor}-{}", cell.first + 1) } else { format!("#{anchor}") },
            });
        }
    }
    Picture {
        class: layout.class,
        width: layout.width as u32,
        height: (lanes_bottom + FOOT) as u32,
        lanes: lanes
            .iter()
            .enumerate()
            .map(|(at, lane)| Lane {
                name: t.word("step", lane),
                name_xs: name_xs.clone(),
                name_y: lane_top(at) + layout.name_y,
                from: layout.left - 14.0,
                to: layout.right + 14.0,
                line_y: lane_top(at) + layout.mark_y,
            })
            .collect(),
        path: path(&steps, &columns, &xs, |lane| lane_top(lane) + layout.mark_y),
        marks,
        days: days(&columns, &xs, layout),
        times: times(t, &columns, &xs, layout, lanes_bottom + 16.0),
        pauses: pauses(t, &columns, &xs, layout, lanes_bottom + 36.0),
        fix: fix_mark(t, &columns, &xs, fix, layout),
        lanes_bottom: lanes_bottom as u32,
    }
}

/// The kinds of steps there are, in the order of their first appearance: the story goes down like stairs.
fn lanes(incident: &Incident) -> Vec<Step> {
    let mut lanes = Vec::new();
    for step in &incident.timeline {
        if !lanes.contains(&step.step) {
            lanes.push(step.step);
        }
    }
    lanes
}

/// A step as the picture needs it.
struct Point {
    lane: usize,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// Steps that share one place on the axis.
struct Column {
    cells: Vec<Cell>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// The steps of one lane in one column: one mark.
struct Cell {
    lane: usize,
    first: usize,
    steps: Vec<usize>,
    label: String,
    width: f64,
}

impl Column {
    fn of(points: &[Point], range: Range<usize>, ranges: bool) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        let members = || points.iter().enumerate().skip(range.start).take(range.len());
        for (at, point) in members() {
            match cells.iter_mut().find(|cell| cell.lane == point.lane) {
                Some(cell) => cell.steps.push(at),
                None => cells.push(Cell { lane: point.lane, first: at, steps: vec![at], label: String::new(), width: 0.0 }),
            }
        }
        for cell in &mut cells {
            let (first, last) = (cell.first + 1, cell.steps.last().map_or(cell.first, |at| *at) + 1);
            cell.label = match (last > first, ranges) {
                (false, _) => first.to_string(),
                (true, true) => format!("{first}–{last}"),
                (true, false) => format!("{first}+"),
            };
            cell.width = (cell.label.chars().count() as f64 * 7.0 + 9.0).max(22.0);
        }
        let first = members().filter_map(|(_, point)| point.first).min();
        let last = members().filter_map(|(_, point)| point.last).max();
        Self { cells, first, last: last.max(first) }
    }

    fn width(&self) -> f64 {
        self.cells.iter().map(|cell| cell.width).fold(0.0, f64::max)
    }
}

/// The columns of a picture: as many as there is room for, with shorter labels before fewer columns.
fn fitting_columns(points: &[Point], fix: Option<Timestamp>, layout: Layout) -> Vec<Column> {
    let made = |most: usize, ranges: bool| -> Vec<Column> {
        columns(points, most, fix).into_iter().map(|range| Column::of(points, range, ranges)).collect()
    };
    let fits = |columns: &Vec<Column>| least_gaps(columns).iter().sum::<f64>() <= room(columns, layout);
    let tries =
        std::iter::once((layout.most_columns, layout.ranges)).chain((2..=layout.most_columns).rev().map(|most| (most, false)));
    tries.map(|(most, ranges)| made(most, ranges)).find(fits).unwrap_or_else(|| made(1, false))
}

/// Cuts the steps into at most `most` columns. Where a kind of step appears for the first time a column of its own begins and
/// ends; after that the longest pauses part columns.
fn columns(points: &[Point], most: usize, fix: Option<Timestamp>) -> Vec<Range<usize>> {
    if points.is_empty() {
        return Vec::new();
    }
    let mut lanes_seen = std::collections::HashSet::new();
    let firsts: Vec<bool> = points.iter().map(|point| lanes_seen.insert(point.lane)).collect();
    let is_first = |at: usize| firsts.get(at).copied().unwrap_or_default();
    let mut borders: Vec<(u8, f64, usize)> = (1..points.len())
        .filter_map(|at| {
            let (before, here) = (points.get(at - 1)?, points.get(at)?);
            let pause = pause(before.last, here.first);
            // Steps with and without a time, before and after the fix, never share a column.
            let side = |point: &Point| (point.first.is_some(), fix.is_some() && point.first >= fix);
            let rank = if side(before) != side(here) {
                3
            } else if is_first(at) {
                2
            } else {
                u8::from(is_first(at - 1))
            };
            Some((rank, pause, at))
        })
        .collect();
    borders.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    borders.truncate(most.saturating_sub(1));
    let mut starts: Vec<usize> = borders.into_iter().map(|(_, _, at)| at).collect();
    starts.push(0);
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([points.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Seconds between two columns or steps; 0 where a time is not known.
fn pause(before: Option<Timestamp>, after: Option<Timestamp>) -> f64 {
    before.zip(after).map_or(0.0, |(before, after)| clock::seconds_between(before, after))
}

/// What each column must keep away from the one before it so that their marks do not touch.
fn least_gaps(columns: &[Column]) -> Vec<f64> {
    columns.iter().zip(columns.iter().skip(1)).map(|(a, b)| (a.width() + b.width()) / 2.0 + 5.0).collect()
}

/// Room between the middles of the first and the last column; wide marks at the ends take some of it.
fn room(columns: &[Column], layout: Layout) -> f64 {
    layout.right - layout.left - columns.first().map_or(0.0, overhang) - columns.last().map_or(0.0, overhang)
}

/// How far a column's widest mark reaches beyond a plain one.
fn overhang(column: &Column) -> f64 {
    (column.width() - 22.0) / 2.0
}

/// The middle of each column: marks never touch, what room is left is shared by the logarithm of the pauses.
fn spread(columns: &[Column], layout: Layout) -> Vec<f64> {
    let least = least_gaps(columns);
    let weight = |(a, b): (&Column, &Column)| match (a.last, b.first) {
        // Steps without a time stand clearly apart.
        (Some(_), None) => 16.0,
        (before, after) => 0.4 + (1.0 + pause(before, after)).ln(),
    };
    let weights: Vec<f64> = columns.iter().zip(columns.iter().skip(1)).map(weight).collect();
    let spare = (room(columns, layout) - least.iter().sum::<f64>()).max(0.0);
    let weight_sum: f64 = weights.iter().sum();
    let mut x = layout.left + columns.first().map_or(0.0, overhang);
    let mut xs = vec![x];
    for (least, weight) in least.iter().zip(&weights) {
        x += (least + spare * weight / weight_sum).min(layout.widest_gap);
        xs.push(x);
    }
    xs.truncate(columns.len());
    xs
}

/// The line that joins the steps in their order.
fn path(points: &[Point], columns: &[Column], xs: &[f64], y: impl Fn(usize) -> f64) -> String {
    let mut places: Vec<(usize, f64, f64)> = Vec::new();
    for (column, x) in columns.iter().zip(xs) {
        // Steps without a time have no place in the order.
        for cell in column.cells.iter().filter(|cell| points.get(cell.first).is_some_and(|point| point.first.is_some())) {
            places.push((cell.first, *x, y(cell.lane)));
        }
    }
    places.sort_by_key(|place| place.0);
    places.iter().map(|(_, x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// A day's line and name wherever a new day begins; the name shortens or goes where there is no room.
fn days(columns: &[Column], xs: &[f64], layout: Layout) -> Vec<Label> {
    let mut starts: Vec<(f64, String)> = Vec::new();
    let mut before = None::<(f64, String)>;
    for (column, &x) in columns.iter().zip(xs) {
        let Some(day) = column.first.map(clock::day) else { continue };
        if before.as_ref().is_none_or(|(_, last)| *last != day) {
            let line = before.as_ref().map_or(x - 16.0, |(last_x, _)| (last_x + x) / 2.0);
            starts.push((line, day.clone()));
        }
        before = Some((x, day));
    }
    let mut out = Vec::new();
    for (at, (line, day)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(layout.width, |(next, _)| *next);
        let short = day.get(5..).unwrap_or(day);
        let text = [day.as_str(), short].into_iter().find(|text| line + 4.0 + width_of(text) <= end).unwrap_or_default();
        out.push(Label { x: line + 4.0, y: HEAD - 8.0, line_x: *line, text: text.to_owned() });
    }
    out
}

/// Times of day under the columns, where there is room.
fn times(t: &Texts, columns: &[Column], xs: &[f64], layout: Layout, y: f64) -> Vec<Label> {
    let texts = columns.iter().map(|column| column.first.map_or_else(|| t.get("label-no-time"), clock::second_of_day));
    fitting(xs.iter().copied().zip(texts), layout, y)
}

/// Pauses between the columns, where there is room.
fn pauses(t: &Texts, columns: &[Column], xs: &[f64], layout: Layout, y: f64) -> Vec<Label> {
    let places = columns.iter().zip(columns.iter().skip(1)).zip(xs.iter().zip(xs.iter().skip(1)));
    let mut long: Vec<(f64, f64, f64, String)> = places
        .map(|((a, b), (left, right))| (pause(a.last, b.first), *left, *right))
        .filter(|(seconds, _, _)| *seconds >= SHORTEST_PAUSE)
        .map(|(seconds, left, right)| (seconds, left, right, format!("+ {}", clock::short_length(t, seconds))))
        .collect();
    // A pause is read between its columns, so it must fit there (or nearly).
    long.retain(|(_, left, right, text)| width_of(text) <= (right - left) + 14.0);
    fitting(long.into_iter().map(|(_, left, right, text)| ((left + right) / 2.0, text)), layout, y)
}

/// Labels with their middles at `x`, from left to right, those left out that would touch the one before.
fn fitting(places: impl Iterator<Item = (f64, String)>, layout: Layout, y: f64) -> Vec<Label> {
    let mut end = f64::MIN;
    let mut out = Vec::new();
    for (x, text) in places {
        let half = width_of(&text) / 2.0;
        // Kept inside the picture.
        let shown_x = x.clamp(half + 1.0, (layout.width - half - 1.0).max(half + 1.0));
        if shown_x - half >= end + 4.0 {
            end = shown_x + half;
            out.push(Label { x: shown_x, y, line_x: x, text });
        }
    }
    out
}

/// The line of the fix: its time, and whether that is when it was seen or only the first step known to lie after it.
fn fix_mark(t: &Texts, columns: &[Column], xs: &[f64], fix: Option<(Timestamp, bool)>, layout: Layout) -> Option<Fix> {
    let (time, seen) = fix?;
    let text = if seen { format!("{} {}", t.get("label-fix-seen"), clock::day(time)) } else { t.get("label-after-fix") };
    let timed: Vec<(f64, Timestamp)> = columns.iter().zip(xs).filter_map(|(column, x)| Some((*x, column.first?))).collect();
    let after = timed.iter().position(|(_, first)| *first >= time)?;
    let here = timed.get(after)?.0;
    let x = after.checked_sub(1).and_then(|before| timed.get(before)).map_or(here - 16.0, |(before, _)| (before + here) / 2.0);
    // A day may begin in the same place; the two lines stand side by side, the day's name right of both.
    let x = x - 5.0;
    let fits_right = x + width_of(&text) + 6.0 <= layout.width;
    Some(Fix {
        x,
        width: layout.right + 14.0 - x,
        label_x: if fits_right { x } else { layout.width - 2.0 },
        anchor: if fits_right { "start" } else { "end" },
        text,
    })
}

fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * CHAR
}

#[cfg(test)]
mod tests;
