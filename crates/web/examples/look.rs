//! temporary
#[tokio::main]
async fn main() {
    let app = web::app::App::new(vec![web::door::Origin::new("http://localhost:7499").unwrap()]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:7499").await.unwrap();
    axum::serve(listener, web::routes::router(app)).await.unwrap();
}
