//! How large a value is as JSON, without writing it down.

use serde::Serialize;

/// Bytes; `None` for more than `most`, at which it stops.
pub(crate) fn json_size(value: &impl Serialize, most: usize) -> Option<usize> {
    struct Counter {
        bytes: usize,
        most: usize,
    }
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.bytes += bytes.len();
            if self.bytes > self.most {
                return Err(std::io::ErrorKind::FileTooLarge.into());
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter { bytes: 0, most };
    serde_json::to_writer(&mut counter, value).ok()?;
    Some(counter.bytes)
}

#[cfg(test)]
mod tests {
    use super::json_size;

    #[test]
    fn it_counts_what_would_be_written_and_stops() {
        assert_eq!(json_size(&["a", "é\n"], 100), Some(r#"["a","é\n"]"#.len()));
        assert_eq!(json_size(&"12345678", 10), Some(10));
        assert_eq!(json_size(&"123456789", 10), None);
    }
}
