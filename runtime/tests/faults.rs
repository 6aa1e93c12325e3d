//! What goes wrong, and what must not come of it.

use std::io::Write;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use crate::support::{
    INFER, PANIC, REFUSE, SLOW, SLOWNESS, connect, eventually, get, inflight, occupy, post,
    read_reply, row, send, serve, waiting,
};

#[test]
fn one_bad_request_does_not_fail_its_batch_mates() {
    let server = serve(|_| {});
    // While the slow one runs, the others gather for one batch.
    let values = [SLOW, 1.0, REFUSE, 2.0];
    let threads: Vec<_> = values
        .map(|value| {
            let address = server.http;
            if value != SLOW {
                eventually("the slow one runs", || inflight(&server) > 0);
            }
            let thread = std::thread::spawn(move || post(address, INFER, &row(value)));
            eventually("it is in", || inflight(&server) > 0);
            thread
        })
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(
        threads.iter().map(|reply| reply.status).collect::<Vec<_>>(),
        [200, 200, 500, 200]
    );
    assert!(
        threads[3].body.contains("[4.0,2.0,4.0]"),
        "{:?}",
        threads[3]
    );
    assert!(
        threads[2].body.contains("does not like it"),
        "{:?}",
        threads[2]
    );
}

#[test]
fn a_panicking_engine_fails_liveness_and_answers_everyone() {
    let server = serve(|_| {});
    assert_eq!(post(server.http, INFER, &row(PANIC)).status, 500);
    eventually("liveness fails", || {
        get(server.http, "/v2/health/live").status == 503
    });
    assert_eq!(get(server.http, "/v2/health/ready").status, 503);
    assert_eq!(post(server.http, INFER, &row(1.0)).status, 503);
}

#[test]
fn a_client_that_goes_while_it_waits_is_never_run() {
    let server = serve(|_| {});
    let before = server.runs.load(SeqCst);
    let mut slow = occupy(&server);
    let mut gone = connect(server.http);
    send(&mut gone, "POST", INFER, "", &row(1.0));
    eventually("the other waits", || waiting(&server) == 1);
    drop(gone);
    eventually("it is taken out", || {
        waiting(&server) == 0 && inflight(&server) == 1
    });
    assert_eq!(read_reply(&mut slow).unwrap().status, 200);
    assert_eq!(server.runs.load(SeqCst) - before, 1);
    let text = get(server.http, "/metrics").body;
    assert!(
        text.contains(r#"mlserve_requests_total{model="m",version="1",code="499"} 1"#),
        "{text}"
    );
}

#[test]
fn a_client_that_goes_while_its_batch_runs_leaves_its_mates_alone() {
    let server = serve(|_| {});
    let before = server.runs.load(SeqCst);
    let mut first = occupy(&server);
    // Both gather for the next run, which is slow too.
    let (mut gone, mut mate) = (connect(server.http), connect(server.http));
    send(&mut gone, "POST", INFER, "", &row(SLOW));
    send(&mut mate, "POST", INFER, "", &row(1.0));
    eventually("both wait", || waiting(&server) == 2);
    eventually("both run", || server.runs.load(SeqCst) - before == 2);
    drop(gone);
    eventually("it no longer counts", || inflight(&server) == 1);
    let reply = read_reply(&mut mate).unwrap();
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains("[2.0,2.0,4.0]"), "{reply:?}");
    assert_eq!(read_reply(&mut first).unwrap().status, 200);
    assert_eq!(server.runs.load(SeqCst) - before, 2);
    let text = get(server.http, "/metrics").body;
    assert!(
        text.contains(r#"mlserve_requests_total{model="m",version="1",code="499"} 1"#),
        "{text}"
    );
    assert_eq!(post(server.http, INFER, &row(1.0)).status, 200);
}

#[test]
fn a_client_that_goes_in_its_headers_or_body_is_forgotten() {
    let server = serve(|_| {});
    for half in [
        "P",
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\nx-long: ",
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n",
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"inputs\":[",
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{",
    ] {
        let before = server.runs.load(SeqCst);
        let mut stream = connect(server.http);
        stream.write_all(half.as_bytes()).unwrap();
        eventually("it is open", || {
            server.running.server.connections.load(SeqCst) == 1
        });
        drop(stream);
        eventually("it is closed", || {
            server.running.server.connections.load(SeqCst) == 0
        });
        assert_eq!(inflight(&server), 0, "{half}");
        assert_eq!(server.runs.load(SeqCst), before, "{half}");
    }
    assert_eq!(post(server.http, INFER, &row(1.0)).status, 200);
}

#[test]
fn a_stuck_engine_fails_liveness() {
    let server = serve(|_| {});
    let served = &server.running.server.repository.all()[0];
    let mut slow = occupy(&server);
    let now = Instant::now();
    assert_eq!(served.sickness(now + Duration::from_secs(50)), None);
    let reason = served.sickness(now + Duration::from_secs(70)).unwrap();
    assert!(reason.contains("model `m` is stuck for"), "{reason}");
    assert_eq!(read_reply(&mut slow).unwrap().status, 200);
    assert_eq!(served.sickness(now + Duration::from_secs(70)), None);
}

#[test]
fn numbers_that_json_lacks_pass_through_and_touch_no_batch_mate() {
    let server = serve(|_| {});
    let _slow = occupy(&server);
    let odd = r#"{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":["NaN","Infinity","-Infinity"]}]}"#;
    let (mut strange, mut mate) = (connect(server.http), connect(server.http));
    send(&mut strange, "POST", INFER, "", odd);
    send(&mut mate, "POST", INFER, "", &row(1.0));
    let reply = read_reply(&mut strange).unwrap();
    assert!(
        reply.body.contains(r#"["NaN","Infinity","-Infinity"]"#),
        "{reply:?}"
    );
    let reply = read_reply(&mut mate).unwrap();
    assert!(reply.body.contains("[2.0,2.0,4.0]"), "{reply:?}");
}

#[test]
fn a_body_that_grows_beyond_the_limit_is_cut_off() {
    let server = serve(|config| config.limits.max_body_bytes = Some(2000));
    let mut stream = connect(server.http);
    stream
        .write_all(
            b"POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
        )
        .unwrap();
    let chunk = format!("400\r\n{}\r\n", " ".repeat(1024));
    // The server may have answered and closed before the last of them.
    for _ in 0..20 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    assert_eq!(read_reply(&mut stream).unwrap().status, 413);
    drop(stream);
    eventually("it is closed", || {
        server.running.server.connections.load(SeqCst) == 0
    });
}

#[test]
fn half_requests_leave_nothing_behind() {
    let server = serve(|config| config.limits.body_timeout_ms = 300);
    for half in [
        "POST /v2/mod",
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-le",
    ] {
        connect(server.http).write_all(half.as_bytes()).unwrap();
    }
    // A body that stops is answered when its time is over.
    let mut stream = connect(server.http);
    stream
        .write_all(
            b"POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"inp",
        )
        .unwrap();
    assert_eq!(read_reply(&mut stream).unwrap().status, 408);
    drop(stream);
    eventually("all are closed", || {
        server.running.server.connections.load(SeqCst) == 0
    });
    assert_eq!(post(server.http, INFER, &row(1.0)).status, 200);
}

#[test]
fn connections_beyond_the_limit_are_closed_and_probes_still_answer() {
    let server = serve(|config| config.limits.max_connections = 2);
    let held = [connect(server.http), connect(server.http)];
    eventually("both are open", || {
        server.running.server.connections.load(SeqCst) == 2
    });
    let mut third = connect(server.http);
    let _ = third.write_all(b"GET /v2 HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(read_reply(&mut third).is_none());
    assert_eq!(
        get(server.running.addresses.admin.unwrap(), "/v2/health/live").status,
        200
    );
    drop(held);
}

#[test]
fn a_full_queue_says_so_at_once() {
    let server = serve(|config| {
        config.models[0].queue.max_rows = 1;
        config.models[0].batch.max_size = 1;
    });
    let _slow = occupy(&server);
    let mut next = connect(server.http);
    send(&mut next, "POST", INFER, "", &row(1.0));
    eventually("one waits", || waiting(&server) == 1);
    let reply = post(server.http, INFER, &row(1.0));
    assert_eq!(reply.status, 429);
    assert!(reply.head.contains("retry-after: "), "{reply:?}");
    assert_eq!(read_reply(&mut next).unwrap().status, 200);
}

#[test]
fn a_deadline_ends_the_wait_and_the_request_is_not_run() {
    let server = serve(|_| {});
    let body = row(1.0).replacen('{', r#"{"parameters":{"timeout":20000},"#, 1);
    // A busy machine may take as long as the engine once, but not every time.
    let at_once = (0..5).any(|_| {
        let mut slow = occupy(&server);
        let (start, runs) = (Instant::now(), server.runs.load(SeqCst));
        assert_eq!(post(server.http, INFER, &body).status, 504);
        let took = start.elapsed();
        assert_eq!(waiting(&server), 0);
        assert_eq!(read_reply(&mut slow).unwrap().status, 200);
        assert_eq!(server.runs.load(SeqCst), runs, "it is not run");
        took < SLOWNESS
    });
    assert!(at_once, "not only when the engine is free");
}

#[test]
fn an_end_under_load_loses_no_admitted_request() {
    let server = serve(|_| {});
    let address = server.http;
    let clients: Vec<_> = (0..8)
        .map(|_| {
            std::thread::spawn(move || {
                let mut answered = 0;
                loop {
                    let Ok(mut stream) = std::net::TcpStream::connect(address) else {
                        return answered;
                    };
                    stream
                        .set_read_timeout(Some(Duration::from_secs(60)))
                        .unwrap();
                    let body = row(SLOW);
                    let request = format!(
                        "POST {INFER} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    if stream.write_all(request.as_bytes()).is_err() {
                        return answered;
                    }
                    match read_reply(&mut stream) {
                        Some(reply) if reply.status == 200 => answered += 1,
                        Some(reply) => {
                            assert_eq!(reply.status, 503, "{reply:?}");
                            return answered;
                        }
                        None => return answered,
                    }
                }
            })
        })
        .collect();
    eventually("the load is on", || inflight(&server) >= 4);
    let shared = std::sync::Arc::clone(&server.running.server);
    assert_eq!(server.running.drain(), Ok(()));
    let stats = &shared.repository.all()[0].stats;
    let answered: u64 = clients
        .into_iter()
        .map(|client| client.join().unwrap())
        .sum();
    assert!(answered >= 4);
    assert_eq!(
        stats.success.load(SeqCst),
        answered,
        "every answer that was made has arrived"
    );
    assert_eq!(stats.inflight.load(SeqCst), 0);
}

#[test]
fn while_load_balancers_notice_requests_are_still_answered() {
    let server = serve(|config| config.drain.notice_ms = 600);
    let address = server.http;
    let admin = server.running.addresses.admin.unwrap();
    let mut held = connect(address);
    send(&mut held, "POST", INFER, "", &row(1.0));
    assert!(
        !read_reply(&mut held)
            .unwrap()
            .head
            .contains("connection: close")
    );
    let end = std::thread::spawn(move || server.running.drain());
    eventually("readiness is off", || {
        get(admin, "/v2/health/ready").status == 503
    });
    assert_eq!(get(admin, "/v2/health/live").status, 200);
    send(&mut held, "POST", INFER, "", &row(1.0));
    let reply = read_reply(&mut held).unwrap();
    assert_eq!(reply.status, 200);
    assert!(reply.head.contains("connection: close"), "{reply:?}");
    assert_eq!(end.join().unwrap(), Ok(()));
}
