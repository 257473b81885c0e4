# Translations are part of the program: their files are resources below :/i18n.
#
# rsip-tray_en.ts   plurals alone
# rsip-tray_xx.ts   made at each build: every text longer, with letters that tell untranslated ones
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(RSIP_TS ${CMAKE_CURRENT_LIST_DIR}/rsip-tray_de.ts ${CMAKE_CURRENT_LIST_DIR}/rsip-tray_en.ts)
set(RSIP_PSEUDO ${CMAKE_CURRENT_LIST_DIR}/pseudo.py)

function(rsip_add_translations target)
  set(source ${CMAKE_SOURCE_DIR}/gui/translations/rsip-tray_de.ts)
  set(pseudo ${CMAKE_CURRENT_BINARY_DIR}/rsip-tray_xx.ts)
  add_custom_command(OUTPUT ${pseudo} DEPENDS ${source} ${RSIP_PSEUDO} VERBATIM
                     COMMAND ${Python3_EXECUTABLE} ${RSIP_PSEUDO} ${source} ${pseudo})
  set_source_files_properties(${RSIP_TS} ${pseudo} PROPERTIES
                              OUTPUT_LOCATION ${CMAKE_CURRENT_BINARY_DIR}/i18n)
  qt_add_translation(compiled ${RSIP_TS} ${pseudo})
  qt_add_resources(${target} translations PREFIX /i18n
                   BASE ${CMAKE_CURRENT_BINARY_DIR}/i18n FILES ${compiled})
endfunction()

# Reads every text of the sources into the files that are translated: ./dev translate
add_custom_target(translations VERBATIM
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/update.py $<TARGET_FILE:Qt6::lupdate>)
