# Reads {"style", "json"} a line; writes the JSON as Ruby writes it, in base64, a line.
require 'json'
$stdout.sync = true
# What ActiveSupport escapes (active_support/json/encoding).
RAILS = { '>' => '\u003e', '<' => '\u003c', '&' => '\u0026', "\u2028" => '\u2028', "\u2029" => '\u2029' }.freeze
$stdin.each_line do |line|
  job = JSON.parse(line)
  value = JSON.parse(job['json'])
  text = case job['style']
         when 'plain' then JSON.generate(value)
         when 'pretty' then JSON.pretty_generate(value)
         when 'rails' then JSON.generate(value).gsub(/[><&\u2028\u2029]/, RAILS)
         when 'ascii' then JSON.generate(value, ascii_only: true)
         end
  puts [text].pack('m0')
end
