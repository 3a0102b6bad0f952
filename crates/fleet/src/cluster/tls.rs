//! TLS between the processes of a cluster, with certificates on both sides: who has none of the cluster's own authority is neither
//! listened to nor asked. Ballista knows no passwords, so this is what keeps others out.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use arrow_flight::flight_service_server::FlightServiceServer;
use axum::extract::ConnectInfo;
use ballista_core::error::BallistaError;
use ballista_core::extension::{BallistaConfigGrpcEndpoint, EndpointOverrideFn};
use ballista_core::flight_proxy_service::BallistaFlightProxyService;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_core::utils::{GrpcClientConfig, create_grpc_client_endpoint, create_grpc_server};
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::flight_service::BallistaFlightService;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::Request;
use tonic::codegen::http::Uri;
use tonic::codegen::http::uri::Scheme;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};

use crate::arguments::TlsArguments;

/// A scheduler whose machine has gone does not hang up.
pub(super) const KEEP_ALIVE_SECONDS: u64 = 30;

/// Who a process of the cluster is, and whom it believes.
#[derive(Clone)]
pub struct Tls {
    identity: Identity,
    authority: Certificate,
}

impl Tls {
    /// Reads the files that are named; `None` where none is.
    ///
    /// # Errors
    /// When a file cannot be read, or holds what it should not.
    pub fn read(arguments: &TlsArguments) -> anyhow::Result<Option<Self>> {
        let (Some(cert), Some(key), Some(ca)) = (&arguments.tls_cert, &arguments.tls_key, &arguments.tls_ca) else {
            return Ok(None);
        };
        let pem = |path: &Path, what: &str| {
            let text = fs::read(path).with_context(|| path.display().to_string())?;
            if !text.windows(what.len()).any(|part| part == what.as_bytes()) {
                bail!("{}: is no PEM file with a {}", path.display(), what.to_lowercase());
            }
            Ok(text)
        };
        let identity = Identity::from_pem(pem(cert, "CERTIFICATE")?, pem(key, "PRIVATE KEY")?);
        let own = Self { identity, authority: Certificate::from_pem(pem(ca, "CERTIFICATE")?) };
        let names = || format!("{}, {}, {}", cert.display(), key.display(), ca.display());
        // What does not fit together is told now, not when somebody connects.
        Server::builder().tls_config(own.of_server()).with_context(names)?;
        own.over(&Endpoint::from_static("http://localhost")).map_err(anyhow::Error::from_boxed).with_context(names)?;
        Ok(Some(own))
    }

    fn of_server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new().identity(self.identity.clone()).client_ca_root(self.authority.clone())
    }

    /// The same address over TLS. Ballista names all of them `http`.
    fn over(&self, endpoint: &Endpoint) -> Result<Endpoint, Box<dyn Error + Send + Sync>> {
        let mut parts = endpoint.uri().clone().into_parts();
        parts.scheme = Some(Scheme::HTTPS);
        let config = GrpcClientConfig { http2_keepalive_interval_seconds: KEEP_ALIVE_SECONDS, ..GrpcClientConfig::default() };
        let tls = ClientTlsConfig::new().identity(self.identity.clone()).ca_certificate(self.authority.clone());
        Ok(create_grpc_client_endpoint(Uri::from_parts(parts)?, Some(&config))?.tls_config(tls)?)
    }

    /// How this process asks others.
    pub fn asking(&self) -> EndpointOverrideFn {
        let own = self.clone();
        Arc::new(move |endpoint| own.over(&endpoint))
    }

    /// How an executor gives away what became of its part of a plan.
    pub fn giving(&self) -> Arc<ArrowFlightServerProvider> {
        let own = self.clone();
        Arc::new(move |folder, address, mut until, config| {
            let tls = own.of_server();
            tokio::spawn(async move {
                let service = FlightServiceServer::new(BallistaFlightService::new(folder));
                let mut server = create_grpc_server(&config).tls_config(tls).map_err(BallistaError::TonicError)?;
                let served = server.add_service(service).serve_with_shutdown(address, until.recv());
                served.await.map_err(BallistaError::TonicError)
            })
        })
    }

    /// The scheduler, as [`ballista_scheduler::scheduler_process::start_server`] is without TLS; only that it answers no probes.
    ///
    /// # Errors
    /// When it cannot listen.
    pub async fn schedule(
        &self,
        cluster: BallistaCluster,
        address: std::net::SocketAddr,
        config: SchedulerConfig,
    ) -> anyhow::Result<()> {
        let most = (config.grpc_server_max_decoding_message_size as usize, config.grpc_server_max_encoding_message_size as usize);
        let asking = Arc::new(BallistaConfigGrpcEndpoint::new(self.asking()));
        let proxy = BallistaFlightProxyService::new(most.0, most.1, true, Some(asking));
        let config = config.with_override_create_grpc_client_endpoint(self.asking());
        config.validate()?;
        let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
        let scheduler = SchedulerGrpcServer::new(scheduler).max_decoding_message_size(most.0).max_encoding_message_size(most.1);
        // Ballista asks where an executor calls from, and asks axum, under which it runs without TLS.
        let scheduler = InterceptedService::new(scheduler, |mut request: Request<()>| {
            if let Some(peer) = request.remote_addr() {
                request.extensions_mut().insert(ConnectInfo(peer));
            }
            Ok(request)
        });
        let proxy = FlightServiceServer::new(proxy).max_decoding_message_size(most.0).max_encoding_message_size(most.1);
        let mut server = Server::builder().tcp_nodelay(true).tls_config(self.of_server())?;
        Ok(server.add_service(scheduler).add_service(proxy).serve(address).await?)
    }
}
