//! Any binary framing, sent to a running server: refused with 400, or the very bytes come back.
#![no_main]

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use mlspec_contract::config::{Level, ModelConfig, RequestLog, ServerConfig};
use mlspec_runtime::engine::{Chosen, Engine, Input, Loaded};
use mlspec_runtime::model::{Dim, Signature, TensorSpec};
use mlspec_runtime::server::start_with;
use mlspec_runtime::tensor::{DType, Tensor};

/// The model's inputs, and outputs of the same names.
const TENSORS: [(&str, DType); 3] = [("x", DType::Fp32), ("words", DType::Bytes), ("flags", DType::Bool)];

#[derive(Arbitrary, Debug)]
struct Framed {
    inputs: Vec<Tensorlike>,
    /// Bytes behind the last tensor.
    rest: Vec<u8>,
    /// What the header says of the JSON's length, where it is not the truth.
    length: Option<u32>,
    /// Put in the place of the JSON.
    head: Option<Vec<u8>>,
}

#[derive(Arbitrary, Debug)]
struct Tensorlike {
    name: u8,
    datatype: u8,
    shape: Vec<u16>,
    /// What the JSON says of the size, where it is not the truth.
    announced: Option<u64>,
    bytes: Vec<u8>,
}

fuzz_target!(|framed: Framed| {
    let head = framed.head.clone().unwrap_or_else(|| head(&framed.inputs).into_bytes());
    let length = framed.length.map_or(head.len(), |length| length as usize);
    let mut body = head;
    for input in &framed.inputs {
        body.extend_from_slice(&input.bytes);
    }
    body.extend_from_slice(&framed.rest);
    let (status, answer) = post(length, &body);
    match status {
        400 => {}
        200 => {
            // The engine gives back what it was given, in the order of the model, which is the order of the answer.
            let json = length.min(body.len());
            let mut sent = body[json..].to_vec();
            let mut received = answer;
            sent.sort_unstable();
            received.sort_unstable();
            assert_eq!(sent, received);
        }
        _ => panic!("status {status}"),
    }
});

fn head(inputs: &[Tensorlike]) -> String {
    let inputs: Vec<String> = inputs
        .iter()
        .map(|input| {
            let (name, _) = TENSORS[usize::from(input.name) % 3];
            let datatype = DType::ALL[usize::from(input.datatype) % DType::ALL.len()];
            let size = input.announced.unwrap_or(input.bytes.len() as u64);
            format!(
                r#"{{"name":"{name}","datatype":"{datatype}","shape":{:?},"parameters":{{"binary_data_size":{size}}}}}"#,
                input.shape
            )
        })
        .collect();
    format!(r#"{{"inputs":[{}],"parameters":{{"binary_data_output":true}}}}"#, inputs.join(","))
}

/// Sends one request; returns the status and what follows the answer's JSON.
fn post(length: usize, body: &[u8]) -> (u16, Vec<u8>) {
    static CONNECTION: Mutex<Option<TcpStream>> = Mutex::new(None);
    let mut held = CONNECTION.lock().unwrap();
    let stream = held.get_or_insert_with(|| TcpStream::connect(server()).unwrap());
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\ninference-header-content-length: {length}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            let number = |name: &str| text.split(name).nth(1)?.split("\r\n").next()?.trim().parse::<usize>().ok();
            let whole = end + 4 + number("\r\ncontent-length:").unwrap();
            if answer.len() >= whole {
                let json = number("\r\ninference-header-content-length:").map_or(whole, |length| end + 4 + length);
                return (text[9..12].parse().unwrap(), answer[json..whole].to_vec());
            }
        }
        let read = match stream.read(&mut chunk) {
            // By libFuzzer's own alarm.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.unwrap(),
        };
        assert_ne!(read, 0, "the server closed the connection");
        answer.extend_from_slice(&chunk[..read]);
    }
}

struct Echo;

impl Engine for Echo {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String> {
        let copy = |input: &Input<'_>| Tensor {
            dtype: input.dtype,
            shape: input.shape.to_vec(),
            data: input.data.to_vec().into(),
        };
        Ok(inputs.iter().map(copy).collect())
    }
}

/// The address of a server that runs until the process ends.
fn server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut config = ServerConfig::new(vec![ModelConfig::new("m", "none")]);
        (config.http, config.grpc, config.admin) = (any, any, None);
        (config.log.requests, config.log.level) = (RequestLog::None, Level::Error);
        let mut running = start_with(config, |_| {
            let spec = |(name, dtype): (&str, DType)| TensorSpec {
                name: name.to_owned(),
                dtype,
                dims: vec![Dim::Free("batch".to_owned()), Dim::Free("width".to_owned())],
            };
            let specs: Vec<TensorSpec> = TENSORS.into_iter().map(spec).collect();
            let loaded = Loaded {
                signature: Signature { inputs: specs.clone(), outputs: specs },
                engines: vec![Box::new(Echo)],
                platform: "fuzz".to_owned(),
            };
            Ok((loaded, Chosen::Tract("a fuzz target".to_owned())))
        })
        .unwrap();
        running.loaded(Duration::from_secs(10)).unwrap().unwrap();
        let address = running.addresses.http;
        std::mem::forget(running);
        address
    })
}
