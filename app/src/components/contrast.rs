//! The tokens' colours, held against WCAG 2.2 AA: 4.5 to 1 for text (1.4.3), 3 to 1 for what shows where a
//! control is, what state it is in and which one has the focus (1.4.11).

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../../style/tokens.css");

const PAGES: &[&str] = &["bg", "surface", "sunken"];
/// Each text, and all that it stands on somewhere.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "text",
        &[
            "bg",
            "surface",
            "sunken",
            "accent-soft",
            "danger-soft",
            "warn-soft",
            "ok-soft",
        ],
    ),
    (
        "muted",
        &[
            "bg",
            "surface",
            "sunken",
            "accent-soft",
            "danger-soft",
            "warn-soft",
        ],
    ),
    (
        "accent",
        &[
            "bg",
            "surface",
            "sunken",
            "accent-soft",
            "danger-soft",
            "warn-soft",
            "ok-soft",
        ],
    ),
    ("accent-hover", &["bg", "surface", "sunken"]),
    ("danger", &["bg", "surface", "sunken", "danger-soft"]),
    ("warn", &["bg", "surface", "sunken", "warn-soft"]),
    ("ok", &["bg", "surface", "sunken", "ok-soft"]),
    ("on-accent", &["accent", "accent-hover"]),
];
/// Edges of fields and buttons, the focus' ring, bars.
const SHAPES: &[(&str, &[&str])] = &[
    ("line-strong", PAGES),
    ("accent", PAGES),
    ("danger", PAGES),
    ("knob", &["line-strong"]),
    ("on-accent", &["accent"]),
];

/// Light and dark, each as red, green and blue.
type Colours = BTreeMap<&'static str, [[f64; 3]; 2]>;

fn colours() -> Colours {
    let mut colours = Colours::new();
    for line in TOKENS.lines() {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|it| it.split_once(": "))
        else {
            continue;
        };
        let pair = value
            .strip_prefix("light-dark(")
            .and_then(|it| it.strip_suffix(");"));
        let Some((light, dark)) = pair.and_then(|pair| pair.split_once(", ")) else {
            continue;
        };
        if let (Some(light), Some(dark)) = (rgb(light), rgb(dark)) {
            colours.insert(name, [light, dark]);
        }
    }
    colours
}

/// `#rrggbb`
fn rgb(text: &str) -> Option<[f64; 3]> {
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let part = |at: usize| {
        let value = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
        Some(f64::from(value) / 255.0)
    };
    Some([part(0)?, part(2)?, part(4)?])
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn too_low(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let colours = colours();
    let mut found = Vec::new();
    for (front, grounds) in pairs {
        for ground in *grounds {
            for (theme, at) in [("light", 0), ("dark", 1)] {
                let ratio = contrast(colours[front][at], colours[ground][at]);
                if ratio < least {
                    found.push(format!("{front} on {ground}, {theme}: {ratio:.2}"));
                }
            }
        }
    }
    found
}

#[test]
fn every_text_can_be_read_in_both_themes() {
    assert_eq!(too_low(TEXTS, 4.5), Vec::<String>::new());
}

#[test]
fn every_control_can_be_seen_in_both_themes() {
    assert_eq!(too_low(SHAPES, 3.0), Vec::<String>::new());
}

#[test]
fn the_contrast_is_wcags() {
    let ratio = |one, other| contrast(rgb(one).unwrap(), rgb(other).unwrap());
    assert!((ratio("#000000", "#ffffff") - 21.0).abs() < 0.001);
    assert!((ratio("#767676", "#ffffff") - 4.54).abs() < 0.01);
}
