"""The index that installers read: simple pages in HTML and JSON, and the files behind them."""
