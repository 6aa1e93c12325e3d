//! More load than the engine can take: what can be answered in time is, and the rest is told at once.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::support::{
    Fixture, INFER, SLOW, SLOWNESS, connect, eventually, post, read_reply, row, serve, waiting,
};

/// A server whose engine makes five slow rows in a second, and knows it.
fn slow_server() -> Fixture {
    let server = serve(|config| {
        config.models[0].batch.max_size = 1;
        config.models[0].timeout_ms = 1000;
        config.models[0].warmup.budget_ms = 0;
    });
    let active = server.running.server.repository.all()[0].active().unwrap();
    // One row has three elements.
    active.queue.measured(3, SLOWNESS);
    active.queue.measured(6, SLOWNESS * 2);
    server
}

#[test]
fn under_overload_the_engine_works_only_on_what_can_still_be_answered() {
    // Other programs on the machine may disturb one try, but not each.
    let faults: Vec<_> = (0..3).map_while(|_| overload().err()).collect();
    assert!(faults.len() < 3, "{faults:?}");
}

/// Twenty clients for four seconds; what was not as it has to be.
fn overload() -> Result<(), String> {
    let server = slow_server();
    let address = server.http;
    let end = Instant::now() + Duration::from_secs(4);
    let clients: Vec<_> = (0..20)
        .map(|_| {
            std::thread::spawn(move || {
                let (mut answered, mut late, mut slowest_refusal) = (0, 0, Duration::ZERO);
                while Instant::now() < end {
                    let began = Instant::now();
                    match post(address, INFER, &row(SLOW)).status {
                        200 => answered += 1,
                        504 => late += 1,
                        503 => {
                            slowest_refusal = slowest_refusal.max(began.elapsed());
                            std::thread::sleep(Duration::from_millis(20));
                        }
                        other => panic!("{other}"),
                    }
                }
                (answered, late, slowest_refusal)
            })
        })
        .collect();
    let outcomes: Vec<_> = clients
        .into_iter()
        .map(|client| client.join().unwrap())
        .collect();
    let answered: u32 = outcomes.iter().map(|outcome| outcome.0).sum();
    let late: u32 = outcomes.iter().map(|outcome| outcome.1).sum();
    let slowest = outcomes.iter().map(|outcome| outcome.2).max().unwrap();
    // The engine makes 20 in four seconds; one more may be under way.
    if answered >= 15 && late <= answered / 5 && slowest < Duration::from_millis(500) {
        return Ok(());
    }
    Err(format!(
        "{answered} answered, {late} late, a refusal took {slowest:?}"
    ))
}

#[test]
fn those_who_may_go_first_are_not_refused_for_the_sake_of_the_others() {
    let server = slow_server();
    let address = server.http;
    let crowd: Vec<_> = (0..12)
        .map(|_| std::thread::spawn(move || post(address, INFER, &row(SLOW)).status))
        .collect();
    eventually("as many wait as can be answered", || waiting(&server) >= 3);
    let refused = post(address, INFER, &row(1.0));
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.head.contains("retry-after: 1"), "{refused:?}");
    let urgent = row(1.0).replacen('{', r#"{"parameters":{"priority":1},"#, 1);
    let answered = post(address, INFER, &urgent);
    assert_eq!(answered.status, 200, "{answered:?}");
    let crowd: Vec<u16> = crowd
        .into_iter()
        .map(|client| client.join().unwrap())
        .collect();
    assert!(crowd.contains(&200) && crowd.contains(&503), "{crowd:?}");
}

#[test]
fn bodies_that_are_being_received_are_bounded_together() {
    let server = serve(|config| {
        config.limits.max_body_bytes = Some(100_000);
        config.limits.max_held_bytes = Some(150_000);
    });
    let open = |bytes: usize| {
        let mut stream = connect(server.http);
        let head = format!("POST {INFER} HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b' '; bytes]).unwrap();
        stream
    };
    let first = open(90_000);
    let mut second = open(90_000);
    let reply = read_reply(&mut second).unwrap();
    assert_eq!(reply.status, 503);
    assert!(reply.head.contains("retry-after: 1"), "{reply:?}");
    drop((first, second));
    eventually("the bytes are given back", || {
        post(server.http, INFER, &row(1.0)).status == 200
    });
    let mut third = open(90_000);
    third.write_all(&[b' '; 10_000]).unwrap();
    assert_eq!(
        read_reply(&mut third).unwrap().status,
        400,
        "it was read whole"
    );
}
