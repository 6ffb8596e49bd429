//! Icons of a tool: clients fetch and show them, so only what they may fetch and can show is taken.

use url::Url;

use super::Icon;

const MOST: usize = 8;
/// Bytes of a source; a data URL is sent with every list.
const LONGEST_SOURCE: usize = 16_384;
const LONGEST_SIZE: usize = 11;

/// # Errors
/// A sentence that names the icon.
pub(super) fn check(icons: &[Icon]) -> Result<(), String> {
    if icons.len() > MOST {
        return Err(format!("Give at most {MOST} icons."));
    }
    icons.iter().enumerate().try_for_each(|(index, icon)| {
        check_one(icon).map_err(|why| format!("Icon {}: {why}", index + 1))
    })
}

fn check_one(icon: &Icon) -> Result<(), String> {
    if icon.src.len() > LONGEST_SOURCE {
        return Err(format!("src has at most {LONGEST_SOURCE} bytes."));
    }
    let is_shown = |url: &Url| match url.scheme() {
        "https" => url.username().is_empty() && url.password().is_none(),
        "data" => is_image(url.path()),
        _ => false,
    };
    if !Url::parse(&icon.src).is_ok_and(|url| is_shown(&url)) {
        return Err("src is an https URL or a data URL of an image.".to_owned());
    }
    if !icon.mime_type.as_deref().is_none_or(is_image) {
        return Err("mimeType begins with image/.".to_owned());
    }
    if !icon.sizes.iter().all(|size| is_size(size)) {
        return Err("sizes are like 48x48, or any.".to_owned());
    }
    Ok(())
}

fn is_image(media_type: &str) -> bool {
    media_type.len() > "image/".len() && media_type.starts_with("image/")
}

fn is_size(size: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    size == "any"
        || size.len() <= LONGEST_SIZE
            && size
                .split_once('x')
                .is_some_and(|(width, height)| is_number(width) && is_number(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon(src: &str) -> Icon {
        Icon {
            src: src.to_owned(),
            mime_type: None,
            sizes: Vec::new(),
            theme: None,
        }
    }

    #[test]
    fn an_icon_is_an_image_that_a_client_may_fetch() {
        for good in ["https://a.example/i.png", "data:image/png;base64,AAAA"] {
            assert_eq!(check(&[icon(good)]), Ok(()), "{good}");
        }
        for bad in [
            "",
            "i.png",
            "http://a.example/i.png",
            "https://user:pass@a.example/i.png",
            "javascript:alert(1)",
            "data:text/html,<script>",
            "file:///etc/passwd",
        ] {
            assert!(check(&[icon(bad)]).unwrap_err().contains("Icon 1"), "{bad}");
        }
        let mut sized = icon("https://a.example/i.png");
        sized.sizes = vec!["48x48".to_owned(), "any".to_owned()];
        assert_eq!(check(&[sized.clone()]), Ok(()));
        sized.sizes.push("large".to_owned());
        assert!(check(&[sized]).is_err());
        assert!(check(&vec![icon("https://a.example/i.png"); 9]).is_err());
    }
}
