import "./local-echo.js"
