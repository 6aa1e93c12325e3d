//! Log lines on standard error: one JSON object or one line of text per event.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mlspec_contract::config::{Level, Log, LogFormat, RequestLog};

use crate::failure::Failure;
use crate::json::write_string;

/// Writes what the configuration wants.
#[derive(Debug, Clone)]
pub struct Logger {
    config: Log,
    second: Arc<Mutex<Second>>,
}

/// The lines about requests in the current second.
#[derive(Debug)]
struct Second {
    started: Instant,
    lines: u32,
    left_out: u64,
}

impl Second {
    /// Whether one more line is written; and how many were left out of a second that is over, to be told now.
    fn admit(&mut self, now: Instant, most: u32) -> (bool, u64) {
        let mut told = 0;
        if now.saturating_duration_since(self.started) >= Duration::from_secs(1) {
            (self.started, self.lines) = (now, 0);
            told = std::mem::take(&mut self.left_out);
        }
        let admitted = self.lines < most;
        self.lines += u32::from(admitted);
        self.left_out += u64::from(!admitted);
        (admitted, told)
    }
}

/// One request for the log.
#[derive(Debug)]
pub struct RequestLine<'a> {
    /// `http` or `grpc`.
    pub protocol: &'static str,
    /// The path or method.
    pub path: &'a str,
    /// HTTP's status, for gRPC the one its code corresponds to.
    pub status: u16,
    /// From arrival to answer.
    pub duration: Duration,
    /// The client's `x-request-id`.
    pub request_id: Option<&'a str>,
    /// The client's W3C trace context.
    pub traceparent: Option<&'a str>,
    /// What went wrong.
    pub failure: Option<&'a Failure>,
}

impl Logger {
    /// A logger for a configuration.
    pub fn new(config: Log) -> Self {
        let second = Second {
            started: Instant::now(),
            lines: 0,
            left_out: 0,
        };
        Self {
            config,
            second: Arc::new(Mutex::new(second)),
        }
    }

    /// Logs an event with fields.
    pub fn event(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        if level < self.config.level {
            return;
        }
        let mut line = Vec::with_capacity(256);
        self.start(&mut line, level, message);
        for (name, value) in fields {
            self.field(&mut line, name, value);
        }
        self.end(line);
    }

    /// Whether a request is logged.
    pub fn wants_request(&self, failed: bool) -> bool {
        match self.config.requests {
            RequestLog::None => false,
            RequestLog::Failed => failed,
            RequestLog::All => true,
        }
    }

    /// Logs a request.
    pub fn request(&self, request: &RequestLine<'_>) {
        let level = if request.failure.is_some() {
            Level::Warn
        } else {
            Level::Info
        };
        if level < self.config.level || !self.admit() {
            return;
        }
        let mut line = Vec::with_capacity(256);
        self.start(
            &mut line,
            level,
            request
                .failure
                .map_or("answered", |failure| &failure.message),
        );
        self.field(&mut line, "protocol", request.protocol);
        self.field(&mut line, "path", request.path);
        self.field(&mut line, "status", &request.status.to_string());
        self.field(
            &mut line,
            "ms",
            &format!("{:.3}", request.duration.as_secs_f64() * 1e3),
        );
        if let Some(id) = request.request_id {
            self.field(&mut line, "request_id", id);
        }
        // W3C trace context: version-traceid-spanid-flags.
        if let Some(mut parts) = request.traceparent.map(|text| text.split('-').skip(1)) {
            self.field(&mut line, "trace_id", parts.next().unwrap_or_default());
            self.field(&mut line, "span_id", parts.next().unwrap_or_default());
        }
        self.end(line);
    }

    /// Whether there is room for a line about a request; tells how many there was none for.
    fn admit(&self) -> bool {
        let most = self.config.requests_per_second;
        let (admitted, left_out) = self
            .second
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .admit(Instant::now(), most);
        if left_out > 0 {
            let count = left_out.to_string();
            let fields = [("left_out", count.as_str())];
            self.event(
                Level::Warn,
                "requests were not logged: too many in a second",
                &fields,
            );
        }
        admitted
    }

    fn start(&self, line: &mut Vec<u8>, level: Level, message: &str) {
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        let now = timestamp(SystemTime::now());
        match self.config.format {
            LogFormat::Json => {
                line.extend_from_slice(
                    format!("{{\"time\":\"{now}\",\"level\":\"{level}\",\"message\":").as_bytes(),
                );
                write_string(line, message);
            }
            LogFormat::Text => {
                let message = message.replace(['\n', '\r'], " ");
                line.extend_from_slice(format!("{now} {level:5} {message}").as_bytes());
            }
        }
    }

    fn field(&self, line: &mut Vec<u8>, name: &str, value: &str) {
        match self.config.format {
            LogFormat::Json => {
                line.push(b',');
                write_string(line, name);
                line.push(b':');
                write_string(line, value);
            }
            LogFormat::Text => {
                line.extend_from_slice(format!(" {name}=").as_bytes());
                match value.contains([' ', '"', '\n', '\r']) {
                    true => write_string(line, value),
                    false => line.extend_from_slice(value.as_bytes()),
                }
            }
        }
    }

    fn end(&self, mut line: Vec<u8>) {
        if self.config.format == LogFormat::Json {
            line.push(b'}');
        }
        line.push(b'\n');
        // A log that cannot be written has nowhere to be reported.
        let _ = std::io::stderr().lock().write_all(&line);
    }
}

/// RFC 3339 in UTC with milliseconds.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        since.subsec_millis()
    )
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    let mut rest = days;
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    while rest >= 365 + u64::from(leap(year)) {
        rest -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while rest >= lengths[month] {
        rest -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_a_second_s_share_are_counted_and_told() {
        let start = Instant::now();
        let mut second = Second {
            started: start,
            lines: 0,
            left_out: 0,
        };
        let admitted: Vec<_> = (0..5).map(|_| second.admit(start, 3)).collect();
        assert_eq!(
            admitted,
            [(true, 0), (true, 0), (true, 0), (false, 0), (false, 0)]
        );
        let later = start + Duration::from_secs(1);
        assert_eq!(second.admit(later, 3), (true, 2));
        assert_eq!(second.admit(later, 3), (true, 0));
    }

    #[test]
    fn dates_are_right_around_leap_days() {
        let at = |seconds| timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59.000Z");
        assert_eq!(at(1_709_251_200), "2024-03-01T00:00:00.000Z");
    }
}
