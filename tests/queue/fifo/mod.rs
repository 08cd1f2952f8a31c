//! FIFO queues: the contract with both servers, the functions' client, and to the millisecond what
//! only the local queue can show.

mod contract;
mod functions;
mod mapping;
mod random;
mod refusals;
mod times;
